package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.TokenBatch;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.cli.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge logits}: how a model is compared with another implementation. */
@Command(
        name = "logits",
        description = "Writes the logits of given tokens to a safetensors file, for comparison with other programs.",
        footer = {
            "",
            "Reads input_ids [batch, length], I32 or I64.",
            "Writes logits [batch, length, vocabulary], F32.",
            "",
            "--bf16-rope is for comparison with a model that was cast as a whole by",
            "model.to(torch.bfloat16): that rounds its rotary frequencies too, and the",
            "checkpoint does not tell. What from_pretrained loads keeps them in FP32.",
            "",
            "Examples:",
            "  mxforge logits --model Llama-3.2-1B --ids ids.safetensors --out o.safetensors",
            "  mxforge logits --bf16-rope --model fx-llama \\",
            "    --ids fx-llama/expected.safetensors --out logits.safetensors"
        })
final class LogitsCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model;

    @Mixin
    private RecipeOptions recipe;

    @Option(names = "--ids", paramLabel = "FILE", required = true, description = "Safetensors file with input_ids.")
    private Path ids;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "A file that does not exist yet.")
    private Path out;

    @Option(
            names = "--bf16-rope",
            description =
                    "Round the rotary frequencies to BF16, as in a model that was cast by model.to(torch.bfloat16).")
    private boolean roundedRope;

    @Mixin
    private CacheOption cache;

    @Mixin
    private RunOptions run;

    @Override
    public Integer call() {
        Console console = run.console();
        UserOutput.check(out);
        TokenBatch tokens = TokenBatch.read(ids);
        ModelFolder folder = roundedRope ? model.open().withRoundedRope() : model.open();
        folder.check(cache.format());
        folder.checkTokens(tokens);
        PreparedRecipe prepared = recipe.prepare(folder, console);
        try (Engine engine = run.open();
                Model loaded = prepared.load(engine, 1, tokens.length(), cache.format(), console)) {
            loaded.writeLogits(tokens, out);
        }
        console.line("logits of " + tokens.batch() + " x " + tokens.length() + " tokens written to " + out);
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("file", out.toString())
                .put("batch", tokens.batch())
                .put("length", tokens.length())
                .put("vocabulary", folder.vocabulary())
                .put("recipe", recipe.text(folder))
                .put("kv_cache", cache.format().text()));
        return 0;
    }
}
