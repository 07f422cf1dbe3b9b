package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.engine.Rehearsal;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.eval.PerplexityResult;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
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

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Perplexity perplexity = new Perplexity(window, windows);
        String content = TextFile.read(text);
        Checkpoint checkpoint = model.open();
        int[] ids = checkpoint.tokenizer().encode(content);
        try (Engine engine = device.open(tuning, console);
                Decoder decoder = Decoder.load(recipe.apply(checkpoint, engine.backend(), console), engine.backend())) {
            // Variants are searched and compiled here, so that the rate is that of a model that runs.
            Rehearsal.run(decoder, window);
            long start = System.nanoTime();
            PerplexityResult result = score(console, perplexity, decoder, ids);
            double rate = result.windows() * result.window() / ((System.nanoTime() - start) / 1e9);
            report(console, engine, result, rate);
        }
        return 0;
    }

    private static PerplexityResult score(Console console, Perplexity perplexity, Decoder decoder, int[] ids) {
        long total = (long) perplexity.windowsOf(ids.length) * perplexity.window();
        try (Progress progress = console.progress("scoring", "tokens", total)) {
            return perplexity.of(decoder, ids, progress::reach);
        }
    }

    private void report(Console console, Engine engine, PerplexityResult result, double rate) {
        console.line(String.format(
                Locale.ROOT,
                "perplexity %.3f over %d tokens scored (%d windows of %d) at %.0f tokens/s on %s",
                result.perplexity(),
                result.tokens(),
                result.windows(),
                result.window(),
                rate,
                engine.backend().device()));
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("perplexity", result.perplexity())
                .put("mean_nll", result.meanNll())
                .put("tokens", result.tokens())
                .put("windows", result.windows())
                .put("window", result.window())
                .put("tokens_per_second", rate)
                .put("recipe", recipe.text())
                .put("device", engine.backend().device()));
    }
}
