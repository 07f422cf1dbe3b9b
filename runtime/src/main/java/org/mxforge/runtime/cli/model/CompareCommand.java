package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.RecipeAdvice;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TextFile;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge compare}: which recipe suits a model. */
@Command(
        name = "compare",
        description =
                "Quantizes a model by one recipe after the other, in memory, and shows what each costs and saves.",
        footer = {
            "",
            "The model as it is comes first, as the yardstick. Give a text that is like what the model is for.",
            "",
            "Examples:",
            "  mxforge compare --model Llama-3.2-1B",
            "  mxforge compare --model Llama-3.2-1B --recipes mxfp8,mxfp4,micromix --text wiki.test.raw --windows 40"
        })
final class CompareCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Option(
            names = "--recipes",
            paramLabel = "RECIPE",
            completionCandidates = RecipeCandidates.class,
            split = ",",
            defaultValue = "mxfp8,mxfp6-e2m3,mxfp4",
            description = "Recipes as quantize has them, separated by commas; default ${DEFAULT-VALUE}.")
    private List<String> recipes;

    @Option(names = "--text", paramLabel = "FILE", description = "UTF-8 text to score; default: the bundled one.")
    private Path text;

    @Option(
            names = "--window",
            paramLabel = "TOKENS",
            description = "Tokens of a window; default 512, or what the model takes.")
    private Integer window;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "8",
            description = "Most windows to score; default ${DEFAULT-VALUE}.")
    private int windows;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "The history of the Roman Empire is",
            parameterConsumer = TextParameter.class,
            description = "Text to continue; default '${DEFAULT-VALUE}'.")
    private String prompt;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "32",
            description = "Tokens to generate with each recipe; default ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(names = "--calibration-text", paramLabel = "FILE", split = ",", description = CalibrationFiles.TEXTS)
    private List<Path> calibrationTexts;

    @Mixin
    private SampleOptions samples;

    @Mixin
    private PlotOption plot;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        List<Recipe> wanted = wanted();
        plot.check();
        CalibrationSource source = new CalibrationSource(null, calibrationTexts, samples);
        if (wanted.stream().map(Quantization::by).noneMatch(Quantization::needsCalibration)) {
            source.refuseUnused(Quantization.NONE.recipe());
        }
        wanted.forEach(source::refuseBundled);
        GenerationOptions generation = GenerationOptions.greedy(tokens);
        ModelFolder folder = model.open();
        ScoringOptions usual = ScoringOptions.defaults().within(folder.maxPositions());
        ScoringOptions scoring = new ScoringOptions(window == null ? usual.window() : window, windows);
        String scored = text == null ? BundledModel.evaluationText() : TextFile.read(text);
        Comparison comparison = new Comparison(folder, scored, scoring, prompt, generation, cache.format());
        List<Quantization> quantizations = comparison.quantizations(wanted, source.options(), run);
        try (Engine engine = run.open()) {
            List<Compared> results = new ArrayList<>();
            for (Quantization quantization : quantizations) {
                console.step(
                        results.size() + 1,
                        quantizations.size(),
                        quantization.recipe().text());
                try (Model loaded = comparison.prepare(engine, quantization)) {
                    results.add(comparison.run(quantization, loaded));
                }
            }
            console.line("Recipes compared on " + engine.device());
            ComparisonTable.show(console, prompt, results);
            plot.write(results, model.name() + " on " + engine.device());
            console.document(document(engine, results));
        }
        return 0;
    }

    /** The plain model, and each recipe once. */
    private List<Recipe> wanted() {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(Quantization.NONE.recipe().text());
        recipes.forEach(recipe -> texts.add(Recipe.parse(recipe).text()));
        return texts.stream().map(Recipe::parse).toList();
    }

    private ObjectNode document(Engine engine, List<Compared> results) {
        RecipeAdvice advice = Compared.advice(results);
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("device", engine.device())
                .put("kv_cache", cache.format().text());
        document.set("recipes", ComparisonTable.json(results));
        return document.put("recommended", advice.recipe()).put("advice", advice.sentence());
    }
}
