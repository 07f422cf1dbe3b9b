package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.task.Evaluation;
import org.mxforge.runtime.task.EvaluationOptions;
import org.mxforge.runtime.task.EvaluationReport;
import org.mxforge.runtime.task.Task;
import picocli.CommandLine.Option;

/** The options of evaluations on tasks. */
final class TaskOptions {
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            required = true,
            description = "Folder with the tasks' files; nothing is fetched.")
    private Path data;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Most items of a task, of MMLU of each subject; the first ones; default: all.")
    private Integer limit;

    @Option(
            names = "--out",
            paramLabel = "FILE.json",
            description = {
                "Write all results, a file that does not exist yet. An evaluation that was interrupted goes on when it"
                        + " is started again with the same options."
            })
    private Path out;

    EvaluationOptions options(Map<String, String> settings) {
        EvaluationOptions options = EvaluationOptions.on(data).withSettings(settings);
        options = limit == null ? options : options.withLimit(limit);
        return out == null ? options : options.withOutput(out);
    }

    /** Runs what is left, and prints the results. */
    void run(Evaluation evaluation, List<Task> tasks, Model model, Engine engine, Console console) {
        if (evaluation.resumed() > 0) {
            console.note("goes on after " + evaluation.resumed() + " items that are done");
        }
        EvaluationReport report = console.interruptible(
                () -> evaluation.run(
                        model,
                        console.progress(),
                        task -> console.step(tasks.indexOf(task) + 1, tasks.size(), task.name())),
                () -> kept(evaluation));
        Table table = new Table("TASK", "SHOTS", "ITEMS", "METRIC", "VALUE", "STDERR");
        report.rows().stream()
                .filter(row -> row.depth() < 2)
                .forEach(row -> table.row(
                        "  ".repeat(row.depth()) + row.name(),
                        String.valueOf(row.shots()),
                        String.valueOf(row.items()),
                        row.metric().text(),
                        number(row.estimate().value()),
                        number(row.estimate().error())));
        console.table(table);
        console.line("on " + engine.device() + (out == null ? "" : ", written to " + out));
        console.document(report.document());
    }

    private static String kept(Evaluation evaluation) {
        return evaluation
                .unfinished()
                .map(file -> "interrupted: " + evaluation.done() + " items are done and kept in " + file
                        + "; the same command goes on after them")
                .orElse("interrupted: nothing is kept, since no --out was given");
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "-";
    }
}
