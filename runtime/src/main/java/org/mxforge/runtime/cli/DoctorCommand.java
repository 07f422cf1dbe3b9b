package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Diagnosis;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
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
        Table table = Table.withoutHeader(2);
        diagnosis.sections().forEach((section, facts) -> {
            table.row(section, "");
            facts.forEach((name, value) -> table.row("  " + name, value));
        });
        console.table(table);
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
