package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Diagnosis;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mxforge doctor}: what was found on this machine. Finding nothing is an answer, not a failure. */
@Command(
        name = "doctor",
        description = "Shows what was found on this machine: JDK, NVRTC, driver, GPU and caches.",
        footer = {"", "Example:", "  mxforge doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Diagnosis diagnosis = Diagnosis.ofThisMachine();
        print(console, diagnosis);
        console.document(json(diagnosis));
        return 0;
    }

    private static void print(Console console, Diagnosis diagnosis) {
        int width = diagnosis.sections().values().stream()
                .flatMap(facts -> facts.keySet().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
        diagnosis.sections().forEach((section, facts) -> {
            console.line(section);
            facts.forEach((name, value) -> console.line(String.format("  %-" + width + "s  %s", name, value)));
        });
    }

    private static ObjectNode json(Diagnosis diagnosis) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        diagnosis.sections().forEach((section, facts) -> {
            ObjectNode node = document.putObject(section);
            facts.forEach(node::put);
        });
        return document;
    }
}
