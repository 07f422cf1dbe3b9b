package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge wisdom verify}: whether the files mean what they say. */
@Command(
        name = "verify",
        description =
                "Checks that every line of the wisdom files parses and that its configuration is a legal one; exit"
                        + " code 1 if some are damaged.",
        footer = {"", "Examples:", "  mxforge wisdom verify", "  mxforge wisdom verify nvidia-h200.jsonl --json"})
final class WisdomVerifyCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Wisdom files; default: those of this user.")
    private List<Path> files;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Table table = new Table("FILE", "SOUND", "FOREIGN", "DAMAGED");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        int damaged = 0;
        for (Path file : files == null ? WisdomStore.user().files() : files) {
            WisdomStore.Checked checked = WisdomStore.check(file);
            damaged += checked.faults().size();
            WisdomRow.under(table, file)
                    .row(
                            WisdomRow.name(file),
                            String.valueOf(checked.sound()),
                            String.valueOf(checked.foreign()),
                            String.valueOf(checked.faults().size()));
            checked.faults().stream().findFirst().ifPresent(table::remark);
            ObjectNode node = document.addObject()
                    .put("file", file.toString())
                    .put("sound", checked.sound())
                    .put("foreign", checked.foreign());
            ArrayNode faults = node.putArray("faults");
            checked.faults().forEach(faults::add);
        }
        if (document.isEmpty()) {
            console.line("there are no wisdom files");
        } else {
            console.table(table);
        }
        console.document(document);
        if (damaged > 0) {
            throw new MxForgeException(
                    damaged + " damaged lines are skipped when tuning: 'mxforge wisdom prune' drops them");
        }
        return 0;
    }
}
