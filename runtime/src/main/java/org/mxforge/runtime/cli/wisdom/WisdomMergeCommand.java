package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge wisdom merge}: takes over what was tuned elsewhere. */
@Command(
        name = "merge",
        description =
                "Adds the records of other wisdom files, such as those of another machine with the same GPU; nothing"
                        + " that is here already is overwritten.",
        footer = {"", "Examples:", "  mxforge wisdom merge nvidia-h200.jsonl", "  mxforge wisdom merge a.jsonl b.jsonl"
        })
final class WisdomMergeCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Wisdom files.")
    private List<Path> files;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        WisdomStore store = WisdomStore.user();
        // A name that is wrong is told before anything is written.
        files.forEach(WisdomStore::require);
        Table table = new Table("FILE", "ADDED", "KNOWN", "SKIPPED");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (Path file : files) {
            WisdomStore.Merged merged = store.merge(file);
            WisdomRow.under(table, file)
                    .row(
                            WisdomRow.name(file),
                            String.valueOf(merged.added()),
                            String.valueOf(merged.known()),
                            String.valueOf(merged.skipped()));
            document.addObject()
                    .put("file", file.toString())
                    .put("added", merged.added())
                    .put("known", merged.known())
                    .put("skipped", merged.skipped());
        }
        console.table(table);
        console.document(document);
        return 0;
    }
}
