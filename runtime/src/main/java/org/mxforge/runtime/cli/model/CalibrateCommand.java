package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Partitioning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mxforge calibrate}: measures a model's activations and splits its channels as MicroMix does. */
@Command(
        name = "calibrate",
        description =
                "Runs text through a model, orders the channels of every linear layer's input, and decides how many"
                        + " of them go to FP4, FP6 and FP8 (MicroMix).",
        footer = {
            "",
            "The counts may be changed in the file by hand. Formats are chosen by the recipe, later.",
            "",
            "Example:",
            "  mxforge calibrate --model Llama-3.2-1B --text wiki.train.raw --samples 128 --out calibration.json"
        })
final class CalibrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "UTF-8 text, one sample a line; default: the bundled one.")
    private Path text;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "128",
            description = "Most samples to run; default ${DEFAULT-VALUE}.")
    private int samples;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Decides which lines are taken.")
    private long seed;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            defaultValue = "mean",
            description = "What channels are ordered by: mean of |x|, or hessian, mean of x squared; default mean.")
    private String metric;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            defaultValue = "1",
            description = "Factor on MicroMix's thresholds, larger means more FP4; default ${DEFAULT-VALUE}.")
    private double lambda;

    @Option(
            names = "--granularity",
            paramLabel = "N",
            defaultValue = "128",
            description = "Counts are multiples of 32, 64 or 128; default ${DEFAULT-VALUE}.")
    private int granularity;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "A JSON file that does not exist yet.")
    private Path out;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        Partitioning partitioning = partitioning();
        UserOutput.check(out);
        ModelFolder folder = model.open();
        CalibrationOptions options = new CalibrationSource(
                        null, text == null ? List.of() : List.of(text), false, samples, null)
                .options()
                .withSeed(seed);
        try (Engine engine = run.open()) {
            CalibrationReport report = engine.calibrate(folder, partitioning, options);
            report.save(out);
            report(console, report);
        }
        return 0;
    }

    private Partitioning partitioning() {
        try {
            return Partitioning.byThreshold(metric, lambda, granularity);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private void report(Console console, CalibrationReport report) {
        console.table(CalibrationTable.table(report));
        console.line(CalibrationTable.average(report));
        console.line(
                "measured on " + report.samples() + " samples of " + report.tokens() + " tokens, written to " + out);
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("average_bits", report.averageBits())
                .put("samples", report.samples())
                .put("tokens", report.tokens())
                .put("file", out.toString())
                .set("sites", CalibrationTable.json(report));
        console.document(document);
    }
}
