package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge generate}: continues a text. */
@Command(
        name = "generate",
        description = "Continues a text.",
        footer = {
            "",
            "Examples:",
            "  mxforge generate --model Llama-3.2-1B --prompt 'The history of the'",
            "  mxforge generate --model Llama-3.2-1B --recipe mxfp8 --temperature 0.8 --top-p 0.95 --seed 7"
                    + " --prompt 'Once'"
        })
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            required = true,
            parameterConsumer = TextParameter.class,
            description = "Text to continue.")
    private String prompt;

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

    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        GenerationOptions options = new GenerationOptions(tokens, temperature, topP, seed);
        ModelFolder folder = model.open();
        PreparedRecipe prepared = recipe.prepare(folder, console);
        int[] ids = folder.encodePrompt(prompt);
        folder.checkPrompt(ids);
        try (Engine engine = device.open(tuning, console);
                Model loaded = engine.load(folder, prepared.on(engine))) {
            // Held back until the first token is there, and single tokens are tuned before: progress must not cut into
            // the text.
            StringBuilder unprinted = new StringBuilder(prompt);
            loaded.tune(1);
            Generation generated = loaded.generate(ids, options, piece -> {
                console.text(unprinted.append(piece).toString());
                unprinted.setLength(0);
            });
            console.text(unprinted.toString());
            console.blank();
            console.note(sentence(generated.timing(), engine));
            tellEnd(console, generated);
            console.document(document(folder, generated, engine));
        }
        return 0;
    }

    /** A text that breaks off should not look as if the model had ended it. */
    private void tellEnd(Console console, Generation generated) {
        switch (generated.end()) {
            case LENGTH -> console.note("the text was cut off after " + tokens + " tokens: more --tokens let it go on");
            case CONTEXT -> console.note("the text was cut off because the model's context is full");
            case TEXT -> {}
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

    private ObjectNode document(ModelFolder folder, Generation generated, Engine engine) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("prompt", prompt).put("text", generated.text()).put("recipe", recipe.text(folder));
        document.put("end", generated.end().name().toLowerCase(Locale.ROOT));
        ArrayNode ids = document.putArray("ids");
        Arrays.stream(generated.ids()).forEach(ids::add);
        Generation.Timing timing = generated.timing();
        document.put("prompt_tokens", timing.promptTokens())
                .put("time_to_first_token_ms", millis(timing))
                .put("prompt_tokens_per_second", timing.promptTokensPerSecond());
        timing.writingTokensPerSecond()
                .ifPresentOrElse(
                        rate -> document.put("writing_tokens_per_second", rate),
                        () -> document.putNull("writing_tokens_per_second"));
        document.put("device", engine.device());
        return document;
    }
}
