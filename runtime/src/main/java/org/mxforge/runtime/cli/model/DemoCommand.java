package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.cli.console.Console;
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
    private static final int SAMPLES = 64;

    /** What every recipe continues. */
    private static final String PROMPT = "The history of the Roman Empire is";

    /**
     * What is compared; parts in multiples of 32, since the bundled model is a hidden size of 256 narrow. The bundled text is too short to
     * round weights by it.
     */
    private static final List<Recipe> RECIPES = Stream.of(
                    "bf16", "mxfp8", "mxfp6-e2m3", "mxfp4", "micromix;granularity=32", "mixed;round=nearest")
            .map(Recipe::parse)
            .toList();

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
    private PlotOption plot;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        plot.check();
        ModelFolder folder = BundledModel.open();
        Comparison comparison = new Comparison(
                folder,
                BundledModel.evaluationText(),
                new ScoringOptions(WINDOW, windows),
                PROMPT,
                GenerationOptions.greedy(tokens),
                CacheFormat.BF16);
        console.line("A small Llama of " + folder.layers() + " layers");
        List<Quantization> quantizations =
                comparison.quantizations(RECIPES, CalibrationOptions.defaults().withSamples(SAMPLES), run);
        CalibrationReport calibration = quantizations.stream()
                .flatMap(quantization -> quantization.calibration().stream())
                .findFirst()
                .orElseThrow();
        showCalibration(console, calibration);
        try (Engine engine = run.open(TUNING)) {
            List<Compared> results = compare(console, comparison, engine, quantizations);
            showVariants(console, engine);
            console.line("Recipes compared on " + engine.device());
            ComparisonTable.show(console, PROMPT, results);
            plot.write(results, "The bundled Llama of 5.8 M parameters, on " + engine.device());
            console.document(document(engine, calibration, results));
        }
        return 0;
    }

    /** All are prepared before one is run, so that the time for tuning goes to the shapes of the table first. */
    private static List<Compared> compare(
            Console console, Comparison comparison, Engine engine, List<Quantization> quantizations) {
        Map<Quantization, Model> models = new LinkedHashMap<>();
        for (Quantization quantization : quantizations) {
            console.step(
                    models.size() + 1,
                    quantizations.size(),
                    "tuning " + quantization.recipe().text());
            models.put(quantization, comparison.prepare(engine, quantization));
        }
        List<Compared> results = new ArrayList<>();
        models.forEach((quantization, model) -> {
            console.step(
                    results.size() + 1,
                    models.size(),
                    "running " + quantization.recipe().text());
            try (model) {
                results.add(comparison.run(quantization, model));
            }
        });
        return results;
    }

    private static void showCalibration(Console console, CalibrationReport calibration) {
        console.blank();
        console.line("Calibration: channels of each layer's input by format");
        console.table(CalibrationTable.table(calibration));
        console.line(CalibrationTable.average(calibration));
        console.blank();
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

    private static ObjectNode document(Engine engine, CalibrationReport calibration, List<Compared> results) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("device", engine.device());
        document.putObject("calibration")
                .put("average_bits", calibration.averageBits())
                .set("sites", CalibrationTable.json(calibration));
        document.set("variants", ChoiceTable.json(engine.tuned()));
        document.set("recipes", ComparisonTable.json(results));
        document.put("advice", Compared.advice(results).sentence());
        return document;
    }
}
