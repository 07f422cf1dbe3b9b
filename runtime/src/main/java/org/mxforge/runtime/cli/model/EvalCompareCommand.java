package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.task.EvaluationReport;
import org.mxforge.runtime.task.RunComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge eval compare}: two runs of the same tasks, item by item. */
@Command(
        name = "compare",
        description = "Compares two runs of the same tasks item by item: what flipped, and whether that can be chance.",
        footer = {
            "",
            "lost: items that the first run alone has right; gained: the second alone; of",
            "perplexities, items that became less likely and likelier. p: how probable",
            "flips as unequal as these are if the runs are equally good (McNemar's exact",
            "test). Two models of one score may still differ in many items.",
            "",
            "Examples:",
            "  mxforge eval compare bf16.json mxfp4.json",
            "  mxforge eval compare bf16.json mxfp4.json --json"
        })
final class EvalCompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "Results of 'eval tasks', 'code' or 'math' --out.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "Those of another model or recipe.")
    private Path second;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        List<RunComparison> comparisons = RunComparison.of(EvaluationReport.read(first), EvaluationReport.read(second));
        Table table = new Table("METRIC", "ITEMS", "A", "B", "B - A", "LOST", "GAINED", "P");
        ObjectNode document =
                JsonNodeFactory.instance.objectNode().put("a", first.toString()).put("b", second.toString());
        ArrayNode tasks = document.putArray("tasks");
        for (RunComparison compared : comparisons) {
            table.under(compared.task())
                    .row(
                            compared.metric().text(),
                            String.valueOf(compared.items()),
                            value("", compared.before()),
                            value("", compared.after()),
                            value("+", compared.after() - compared.before()),
                            String.valueOf(compared.lost()),
                            String.valueOf(compared.gained()),
                            number("%.3f", compared.probability()));
            tasks.addObject()
                    .put("task", compared.task())
                    .put("metric", compared.metric().text())
                    .put("items", compared.items())
                    .put("a", compared.before())
                    .put("b", compared.after())
                    .put("lost", compared.lost())
                    .put("gained", compared.gained())
                    .put("p", compared.probability());
        }
        console.table(table);
        console.document(document);
        return 0;
    }

    /** Shares have four places, perplexities may be large. */
    private static String value(String sign, double value) {
        return number(Math.abs(value) < 10 ? "%" + sign + ".4f" : "%" + sign + ".1f", value);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
