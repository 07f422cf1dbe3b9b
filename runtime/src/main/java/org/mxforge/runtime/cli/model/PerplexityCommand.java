package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.Agreement;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TextScore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TextFile;
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
            "  mxforge eval ppl --model Llama-3.2-1B --text my.txt --window 2048 --windows 16",
            "  mxforge eval ppl --model Llama-3.2-1B --text wiki.test.raw --paper --recipe mxfp4",
            "  mxforge eval ppl --model Llama-3.2-1B --text wiki.test.raw --paper --recipe mxfp4 \\",
            "    --reference Llama-3.2-1B"
        })
final class PerplexityCommand implements Callable<Integer> {
    private static final int PAPER_WINDOW = 2048;

    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(names = "--text", paramLabel = "FILE", required = true, description = "UTF-8 text to score.")
    private Path text;

    @Option(
            names = "--paper",
            description = {
                "Score WikiText as papers do: blank lines between its rows, the token that begins texts where the"
                        + " tokenizer adds one, all windows of 2,048 tokens; --window and --windows change that."
            })
    private boolean paper;

    @Option(
            names = "--window",
            paramLabel = "TOKENS",
            description = "Tokens of a window; default 512, or what the model takes.")
    private Integer window;

    @Option(names = "--windows", paramLabel = "N", description = "Most windows to score; default 40.")
    private Integer windows;

    @Option(
            names = "--reference",
            paramLabel = "FOLDER",
            description = {
                "A model to compare with in the same pass, such as the one before it was quantized: mean KL divergence"
                        + " from its predictions, and how often both find the same token likeliest."
            })
    private Path reference;

    @Option(
            names = "--bos",
            negatable = true,
            description =
                    "Begin the text with the token that begins texts, once, as transformers' tokenizers do; default:"
                            + " without.")
    private Boolean bos;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        String content = paper ? WikiTextRows.joined(TextFile.read(text)) : TextFile.read(text);
        ModelFolder folder = model.open();
        ScoringOptions options = options(folder);
        folder.check(cache.format());
        PreparedRecipe prepared = recipe.prepare(folder, console);
        int[] ids = beginsText() ? folder.encodePrompt(content) : folder.encode(content);
        folder.checkScoring(ids, options);
        Optional<ModelFolder> other = Optional.ofNullable(reference).map(ModelFolder::open);
        other.ifPresent(found -> found.checkScoring(ids, options));
        try (Engine engine = run.open();
                Model loaded = prepared.load(engine, 1, options.window(), cache.format(), console)) {
            if (other.isEmpty()) {
                // Variants are searched and compiled here, so that the rate is that of a model that runs.
                loaded.tune(options.window(), options.window());
                console.document(report(console, engine, folder, loaded.score(ids, options)));
            } else {
                compare(console, engine, loaded, other.get(), ids, options);
            }
        }
        return 0;
    }

    private ScoringOptions options(ModelFolder folder) {
        ScoringOptions usual = paper
                ? new ScoringOptions(PAPER_WINDOW, Integer.MAX_VALUE)
                : ScoringOptions.defaults().within(folder.maxPositions());
        return new ScoringOptions(
                window == null ? usual.window() : window, windows == null ? usual.windows() : windows);
    }

    private boolean beginsText() {
        return bos == null ? paper : bos;
    }

    private void compare(
            Console console, Engine engine, Model loaded, ModelFolder other, int[] ids, ScoringOptions options) {
        PreparedRecipe plain = new PreparedRecipe(other, Quantization.NONE, CalibrationOptions.defaults());
        try (Model yardstick = plain.load(engine, 1, options.window(), CacheFormat.BF16, console)) {
            Agreement agreement = loaded.agreement(ids, options, yardstick);
            ObjectNode document = report(console, engine, loaded.folder(), agreement.score());
            double before = agreement.reference().perplexity();
            double after = agreement.score().perplexity();
            console.line(String.format(
                    Locale.ROOT,
                    "the reference's is %.3f: %+.2f %%; KL divergence %.5f +- %.5f nats; the same likeliest token at"
                            + " %.2f %%",
                    before,
                    (after / before - 1) * 100,
                    agreement.kl(),
                    agreement.klError(),
                    agreement.sameTop() * 100));
            document.put("reference", reference.toString())
                    .put("reference_perplexity", before)
                    .put("kl_divergence", agreement.kl())
                    .put("kl_divergence_stderr", agreement.klError())
                    .put("same_top_1", agreement.sameTop());
            console.document(document);
        }
    }

    private ObjectNode report(Console console, Engine engine, ModelFolder folder, TextScore score) {
        console.line(String.format(
                Locale.ROOT,
                "perplexity %.3f over %d tokens scored (%d windows of %d, %s begin-of-text token) at %.0f tokens/s on"
                        + " %s",
                score.perplexity(),
                score.tokens(),
                score.windows(),
                score.window(),
                beginsText() ? "with a" : "no",
                score.tokensPerSecond(),
                engine.device()));
        return JsonNodeFactory.instance
                .objectNode()
                .put("perplexity", score.perplexity())
                .put("mean_nll", score.meanNll())
                .put("tokens", score.tokens())
                .put("windows", score.windows())
                .put("window", score.window())
                .put("bos", beginsText())
                .put("tokens_per_second", score.tokensPerSecond())
                .put("recipe", recipe.text(folder))
                .put("kv_cache", cache.format().text())
                .put("device", engine.device());
    }
}
