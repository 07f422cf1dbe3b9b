package org.mxforge.runtime.cli;

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
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.demo.BundledDemo;
import org.mxforge.runtime.demo.Demo;
import org.mxforge.runtime.demo.DemoModel;
import org.mxforge.runtime.demo.DemoResult;
import org.mxforge.runtime.demo.DemoSettings;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.tune.search.Choice;
import org.mxforge.runtime.tune.search.TuningListener;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
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
        DemoSettings settings = new DemoSettings(new Perplexity(WINDOW, windows), GenerationOptions.greedy(tokens));
        Checkpoint checkpoint =
                Checkpoint.open(BundledDemo.checkpoint(ArtifactCache.user().root()));
        CalibrationReport calibration = calibrate(console, checkpoint);
        try (Engine engine = device.open(tuning.mode(), tuning.budget(TUNING), console)) {
            Demo demo = new Demo(checkpoint, calibration, engine, settings);
            List<DemoResult> results = new ArrayList<>();
            // All are prepared before one is run, so that the time for tuning goes to the shapes of the table first.
            List<DemoModel> models = Demo.RECIPES.stream().map(demo::prepare).toList();
            for (DemoModel model : models) {
                results.add(run(console, demo, model));
            }
            show(console, engine, results);
            console.document(document(engine, calibration, results));
        }
        return 0;
    }

    /** On an engine that does not tune: the short lines of the text would use up the time for shapes that nobody needs. */
    private CalibrationReport calibrate(Console console, Checkpoint checkpoint) {
        try (Engine engine = Engine.open(device.settings(TuneMode.OFF, Duration.ZERO), TuningListener.SILENT)) {
            console.line("A small Llama of " + checkpoint.config().layers() + " layers on "
                    + engine.backend().device());
            CalibrationReport calibration = Demo.calibrate(checkpoint, engine.backend());
            showCalibration(console, calibration);
            return calibration;
        }
    }

    private static DemoResult run(Console console, Demo demo, DemoModel model) {
        try (model;
                Progress progress = console.progress(model.recipe().text(), "tokens", demo.tokens())) {
            return demo.run(model, progress::reach);
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
        Table texts = new Table("RECIPE", DemoSettings.PROMPT + " ...");
        for (DemoResult result : results) {
            texts.row(result.recipe().text(), oneLine(result.continuation()));
        }
        console.table(texts);
    }

    private static void showVariants(Console console, Engine engine) {
        Map<WisdomKey, Choice> choices = new LinkedHashMap<>(engine.choices());
        choices.keySet().removeIf(key -> key.shape().m() != KernelShape.bucket(WINDOW - 1));
        console.line("Variants chosen for the shapes of these layers, " + WINDOW + " tokens at a time");
        console.table(ChoiceTable.table(choices));
        long untuned = choices.values().stream()
                .filter(choice -> !choice.origin().isMeasured())
                .count();
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
                    String.format(Locale.ROOT, "%.3f", result.perplexity().perplexity()),
                    String.format(Locale.ROOT, "%.2f", result.size().bitsPerWeight()),
                    Sizes.text(result.size().bytes()),
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
        document.put("device", engine.backend().device());
        document.putObject("calibration")
                .put("average_bits", calibration.averageBits())
                .set("sites", CalibrationTable.json(calibration));
        document.set("variants", ChoiceTable.json(engine.choices()));
        ArrayNode recipes = document.putArray("recipes");
        for (DemoResult result : results) {
            recipes.addObject()
                    .put("recipe", result.recipe().text())
                    .put("perplexity", result.perplexity().perplexity())
                    .put("tokens", result.perplexity().tokens())
                    .put("bits_per_weight", result.size().bitsPerWeight())
                    .put("bytes", result.size().bytes())
                    .put("scoring_tokens_per_second", result.scoringRate())
                    .put("writing_tokens_per_second", result.generationRate())
                    .put("continuation", result.continuation());
        }
        return document;
    }
}
