package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.TuningOptions;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge demo}: the whole way on the bundled model. */
@Command(
        name = "demo",
        description = "Calibrates, quantizes, tunes and runs a small bundled model under several recipes, and compares"
                + " them.",
        footer = {"", "Examples:", "  mxforge demo", "  mxforge demo --device cpu --threads 2 --json"})
final class DemoCommand implements Callable<Integer> {
    private static final int WINDOW = 512;

    /** Enough for all shapes of all recipes on two cores. */
    private static final Duration TUNING = Duration.ofSeconds(45);

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "8",
            description = "Most windows of 512 tokens to score; default ${DEFAULT-VALUE}.")
    private int windows;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "32",
            description = "Tokens to generate with each recipe; default ${DEFAULT-VALUE}.")
    private int tokens;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        ScoringOptions scoring = new ScoringOptions(WINDOW, windows);
        GenerationOptions generation = GenerationOptions.greedy(tokens);
        ModelFolder folder = BundledModel.open();
        CalibrationReport calibration = calibrate(console, folder);
        try (Engine engine = device.open(tuning.mode(), tuning.budget(TUNING), console)) {
            Demo demo = new Demo(folder, calibration, engine, scoring, generation);
            List<DemoResult> results = new ArrayList<>();
            // All are prepared before one is run, so that the time for tuning goes to the shapes of the table first.
            Map<Recipe, Model> models = new LinkedHashMap<>();
            Demo.RECIPES.forEach(recipe -> models.put(recipe, demo.prepare(recipe)));
            models.forEach((recipe, model) -> {
                try (model) {
                    results.add(demo.run(recipe, model));
                }
            });
            show(console, engine, results);
            console.document(document(engine, calibration, results));
        }
        return 0;
    }

    /** On an engine that does not tune: the short lines of the text would use up the time for shapes that nobody needs. */
    private CalibrationReport calibrate(Console console, ModelFolder folder) {
        try (Engine engine = Engine.open(device.options(TuneMode.OFF, Duration.ZERO))) {
            console.line("A small Llama of " + folder.layers() + " layers on " + engine.device());
            CalibrationReport calibration = Demo.calibrate(folder, engine);
            showCalibration(console, calibration);
            return calibration;
        }
    }

    private static void showCalibration(Console console, CalibrationReport calibration) {
        console.blank();
        console.line("Calibration: channels of each layer's input by format");
        console.table(CalibrationTable.table(calibration));
        console.line(String.format(Locale.ROOT, "%.2f bits on average", calibration.averageBits()));
        console.blank();
    }

    private static void show(Console console, Engine engine, List<DemoResult> results) {
        showVariants(console, engine);
        console.line("Recipes compared");
        console.table(comparison(results));
        console.blank();
        Table texts = new Table("RECIPE", Demo.PROMPT + " ...");
        for (DemoResult result : results) {
            texts.row(result.recipe().text(), oneLine(result.continuation()));
        }
        console.table(texts);
    }

    private static void showVariants(Console console, Engine engine) {
        List<TunedKernel> choices = engine.tuned().stream()
                .filter(kernel -> kernel.serves(WINDOW - 1))
                .toList();
        console.line("Variants chosen for the shapes of these layers, " + WINDOW + " tokens at a time");
        console.table(ChoiceTable.table(choices));
        long untuned = choices.stream().filter(kernel -> !kernel.measured()).count();
        if (untuned > 0) {
            console.line(untuned + " shapes were not tuned: another run, or 'mxforge tune', goes on");
        }
        console.blank();
    }

    private static Table comparison(List<DemoResult> results) {
        Table table = new Table("RECIPE", "PERPLEXITY", "BITS/WEIGHT", "SIZE", "SCORING TOKENS/S", "WRITING TOKENS/S");
        for (DemoResult result : results) {
            table.row(
                    result.recipe().text(),
                    String.format(Locale.ROOT, "%.3f", result.perplexity()),
                    String.format(Locale.ROOT, "%.2f", result.size().bitsPerWeight()),
                    ByteSize.text(result.size().bytes()),
                    String.format(Locale.ROOT, "%.0f", result.scoringRate()),
                    String.format(Locale.ROOT, "%.0f", result.generationRate()));
        }
        return table;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static ObjectNode document(Engine engine, CalibrationReport calibration, List<DemoResult> results) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("device", engine.device());
        document.putObject("calibration")
                .put("average_bits", calibration.averageBits())
                .set("sites", CalibrationTable.json(calibration));
        document.set("variants", ChoiceTable.json(engine.tuned()));
        ArrayNode recipes = document.putArray("recipes");
        for (DemoResult result : results) {
            recipes.addObject()
                    .put("recipe", result.recipe().text())
                    .put("perplexity", result.perplexity())
                    .put("tokens", result.tokens())
                    .put("bits_per_weight", result.size().bitsPerWeight())
                    .put("bytes", result.size().bytes())
                    .put("scoring_tokens_per_second", result.scoringRate())
                    .put("writing_tokens_per_second", result.generationRate())
                    .put("continuation", result.continuation());
        }
        return document;
    }
}
