package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.cli.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mxforge generate}: continues a text, or several together. */
@Command(
        name = "generate",
        description = "Continues a text.",
        footer = {
            "",
            "Examples:",
            "  mxforge generate --model Llama-3.2-1B --prompt 'The history of the'",
            "  mxforge generate --model Llama-3.2-1B --recipe mxfp8 --temperature 0.8 --top-p 0.95 --seed 7"
                    + " --prompt 'Once'",
            "  mxforge generate --model Llama-3.2-1B --prompts questions.txt --json"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            parameterConsumer = TextParameter.class,
            description = "Text to continue. Several are continued together, each with the seed after that of the one"
                    + " before it.")
    private List<String> prompts;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description = "A file with texts to continue together, one a line.")
    private Path file;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most new tokens; default ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "Divides the logits; 0 takes the most likely token; default ${DEFAULT-VALUE}.")
    private float temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Share of probability to draw from; default ${DEFAULT-VALUE}.")
    private float topP;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Seed of the random numbers.")
    private long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            parameterConsumer = TextParameter.class,
            description = "Ends a text where this comes, which is no part of it; may be given several times.")
    private List<String> stops;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Console console = run.console();
        GenerationOptions options =
                new GenerationOptions(tokens, temperature, topP, seed).withStops(stops == null ? List.of() : stops);
        if (temperature == 0 && topP < 1) {
            throw new MxForgeException(
                    "--top-p " + topP + " is for tokens that are drawn, and temperature 0 draws none: give a"
                            + " --temperature above 0, or leave --top-p out");
        }
        ModelFolder folder = model.open();
        folder.check(cache.format());
        PreparedRecipe prepared = recipe.prepare(folder, console);
        List<Prompt> texts = texts();
        if (texts.size() > 1) {
            return together(new PromptBatch(folder, texts, options), prepared, console);
        }
        String prompt = texts.get(0).text();
        int[] ids = texts.get(0).encode(folder);
        try (Engine engine = run.open();
                Model loaded = prepared.load(
                        engine,
                        1,
                        (int) Math.min((long) ids.length + tokens, folder.maxPositions()),
                        cache.format(),
                        console)) {
            // Held back until the first token is there, and single tokens are tuned before: progress must not cut into
            // the text.
            StringBuilder unprinted = new StringBuilder(prompt);
            loaded.tuneStep(1, ids.length + tokens);
            Generation generated = loaded.generate(ids, options, piece -> {
                console.text(unprinted.append(piece).toString());
                unprinted.setLength(0);
            });
            console.text(unprinted.toString());
            console.blank();
            console.note(sentence(generated.timing(), engine));
            tellEnd(console, generated);
            ObjectNode document = document(folder, engine);
            PromptBatch.put(document, prompt, generated);
            console.document(
                    document.put("prompt_tokens_per_second", generated.timing().promptTokensPerSecond()));
        }
        return 0;
    }

    private List<Prompt> texts() {
        List<Prompt> texts = Prompt.of(prompts, file);
        if (texts.isEmpty()) {
            throw new ParameterException(command.commandLine(), "Missing required option: '--prompt=TEXT'");
        }
        return texts;
    }

    private int together(PromptBatch batch, PreparedRecipe prepared, Console console) {
        try (Engine engine = run.open();
                Model loaded = prepared.load(engine, batch.room(), cache.format(), console)) {
            ObjectNode document = document(prepared.folder(), engine);
            int failed = batch.run(loaded, console, document.putArray("texts"));
            console.document(document);
            return failed == 0 ? 0 : 1;
        }
    }

    /** A text that breaks off should not look as if the model had ended it. */
    private void tellEnd(Console console, Generation generated) {
        switch (generated.end()) {
            case LENGTH -> console.note("the text was cut off after " + tokens + " tokens: more --tokens let it go on");
            case CONTEXT -> console.note("the text was cut off because the model's context is full");
            case TEXT, STOP -> {}
        }
    }

    private static String sentence(Generation.Timing timing, Engine engine) {
        String prompt = String.format(
                Locale.ROOT,
                "%d tokens of prompt at %.1f tokens/s, the first token after %.1f ms",
                timing.promptTokens(),
                timing.promptTokensPerSecond(),
                millis(timing));
        String writing = timing.writingTokensPerSecond().stream()
                .mapToObj(rate -> String.format(Locale.ROOT, ", writing at %.1f tokens/s", rate))
                .findFirst()
                .orElse("");
        return prompt + writing + ", on " + engine.device();
    }

    private static double millis(Generation.Timing timing) {
        return timing.firstToken().toNanos() / 1e6;
    }

    private ObjectNode document(ModelFolder folder, Engine engine) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("recipe", recipe.text(folder))
                .put("kv_cache", cache.format().text())
                .put("device", engine.device());
    }
}
