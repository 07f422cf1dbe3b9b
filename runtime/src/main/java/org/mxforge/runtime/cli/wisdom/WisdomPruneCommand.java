package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
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

    @Override
    public Integer call() {
        Console console = output.console();
        Table table = new Table("FILE", "DROPPED");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        WisdomStore.user().prune().forEach((file, dropped) -> {
            WisdomRow.under(table, file).row(WisdomRow.name(file), String.valueOf(dropped));
            document.addObject().put("file", file.toString()).put("dropped", dropped);
        });
        if (document.isEmpty()) {
            console.line("there are no wisdom files");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }
}
