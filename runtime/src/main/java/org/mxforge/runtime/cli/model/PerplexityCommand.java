package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TextScore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TextFile;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge eval ppl}: perplexity of a text. */
@Command(
        name = "ppl",
        description = "Perplexity of a text, in windows that do not overlap, from its beginning.",
        footer = {
            "",
            "Examples:",
            "  mxforge eval ppl --model Llama-3.2-1B --text wiki.test.raw --window 2048 --windows 16",
            "  mxforge eval ppl --model Llama-3.2-1B --text wiki.test.raw --recipe mxfp4"
        })
final class PerplexityCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(names = "--text", paramLabel = "FILE", required = true, description = "UTF-8 text to score.")
    private Path text;

    @Option(
            names = "--window",
            paramLabel = "TOKENS",
            defaultValue = "512",
            description = "Tokens of a window; default ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "40",
            description = "Most windows to score; default ${DEFAULT-VALUE}.")
    private int windows;

    @Option(
            names = "--bos",
            negatable = true,
            description =
                    "Begin the text with the token that begins texts, once, as transformers' tokenizers do; default:"
                            + " without.")
    private boolean bos;

    @Mixin
    private CacheOption cache;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        ScoringOptions options = new ScoringOptions(window, windows);
        String content = TextFile.read(text);
        ModelFolder folder = model.open();
        folder.check(cache.format());
        PreparedRecipe prepared = recipe.prepare(folder, console);
        int[] ids = bos ? folder.encodePrompt(content) : folder.encode(content);
        folder.checkScoring(ids, options);
        try (Engine engine = device.open(tuning, console);
                Model loaded = prepared.load(engine, 1, window, cache.format(), console)) {
            // Variants are searched and compiled here, so that the rate is that of a model that runs.
            loaded.tune(window, window);
            report(console, engine, folder, loaded.score(ids, options));
        }
        return 0;
    }

    private void report(Console console, Engine engine, ModelFolder folder, TextScore score) {
        console.line(String.format(
                Locale.ROOT,
                "perplexity %.3f over %d tokens scored (%d windows of %d, %s begin-of-text token) at %.0f tokens/s on"
                        + " %s",
                score.perplexity(),
                score.tokens(),
                score.windows(),
                score.window(),
                bos ? "with a" : "no",
                score.tokensPerSecond(),
                engine.device()));
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("perplexity", score.perplexity())
                .put("mean_nll", score.meanNll())
                .put("tokens", score.tokens())
                .put("windows", score.windows())
                .put("window", score.window())
                .put("bos", bos)
                .put("tokens_per_second", score.tokensPerSecond())
                .put("recipe", recipe.text(folder))
                .put("kv_cache", cache.format().text())
                .put("device", engine.device()));
    }
}
