package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.device.SourceHash;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mxforge wisdom prune}: forgets what no kernel of today can use. */
@Command(
        name = "prune",
        description =
                "Drops records of kernels whose source is another one today, lines of other versions and damaged lines;"
                        + " a file is rewritten aside and then put in its place.",
        footer = {"", "Examples:", "  mxforge wisdom prune", "  mxforge wisdom prune --json"})
final class WisdomPruneCommand implements Callable<Integer> {
    @Mixin
    private OutputOptions output;

    private final Map<KernelVariant, String> sources = new HashMap<>();

    @Override
    public Integer call() {
        Console console = output.console();
        Table table = new Table("FILE", "DROPPED");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (Path file : WisdomSources.folder().files()) {
            int dropped = WisdomFolder.prune(file, this::isOfToday);
            table.row(file.toString(), String.valueOf(dropped));
            document.addObject().put("file", file.toString()).put("dropped", dropped);
        }
        if (document.isEmpty()) {
            console.line("there are no wisdom files");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }

    private boolean isOfToday(WisdomRecord entry) {
        return entry.provenance().source().equals(sources.computeIfAbsent(entry.variant(), WisdomPruneCommand::source));
    }

    private static String source(KernelVariant variant) {
        try {
            return SourceHash.of(variant);
        } catch (IllegalArgumentException e) {
            return ""; // what is not emitted has no source, today as then
        }
    }
}
