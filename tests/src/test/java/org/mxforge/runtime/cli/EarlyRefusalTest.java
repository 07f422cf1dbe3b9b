package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;

/** What cannot come to an end is refused before a model is loaded for it: this one's weights hold a NaN, which loading tells. */
class EarlyRefusalTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path out;

    @BeforeEach
    void makeModel() throws IOException {
        Path bundled = BundledModel.checkpoint(folder.resolve("cache"));
        model = Files.createDirectory(folder.resolve("model"));
        out = folder.resolve("out");
        for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.copy(bundled.resolve(name), model.resolve(name));
        }
        poison(model.resolve("model.safetensors"), "model.layers.0.mlp.up_proj.weight");
    }

    /** Makes the first element of a tensor a NaN. */
    private static void poison(Path weights, String tensor) throws IOException {
        byte[] file = Files.readAllBytes(weights);
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int start = new ObjectMapper()
                .readTree(file, Long.BYTES, header)
                .get(tensor)
                .at("/data_offsets/0")
                .intValue();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(Long.BYTES + header + start, (short) 0x7fff);
        Files.write(weights, file);
    }

    private void refused(String message, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--model", model, "--device", "cpu"));
        CommandRun run = CommandRun.of(words.toArray());
        assertThat(run.err()).startsWith("mxforge: ").contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.code()).isEqualTo(1);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path ids(int... values) {
        Path file = folder.resolve("ids" + values.length + "-" + values[0] + ".safetensors");
        new SafetensorsWriter()
                .add("input_ids", TensorType.I32, SafetensorsWriter.Payload.of(values), 1, values.length)
                .write(file);
        return file;
    }

    /** Otherwise the others would show nothing. */
    @Test
    void loadingFails() {
        refused("1 NaN", "generate", "--prompt", "x");
    }

    @Test
    void outputsThatCannotBeWritten() {
        Path nowhere = folder.resolve("nosuch").resolve("q");
        refused("there is no folder", "calibrate", "--out", nowhere);
        refused("there is no folder", "quantize", "--recipe", "micromix;granularity=32", "--out", nowhere);
        refused("there is no folder", "logits", "--ids", ids(1), "--out", nowhere);
        refused("there is no folder", "tune", "--report", nowhere);
        refused("the name of an output is empty", "calibrate", "--out", "");
        refused("too long", "calibrate", "--out", folder.resolve("x".repeat(256)));
        // A folder that takes no files, root or not.
        refused("cannot write output", "quantize", "--recipe", "micromix;granularity=32", "--out", "/proc/q");
    }

    @Test
    void textsThatDoNotFit() throws IOException {
        Path text = file("short.txt", "A short text");
        refused("less than one window of 512", "eval", "ppl", "--text", text);
        refused("has 0 tokens", "eval", "ppl", "--text", file("empty.txt", ""));
        refused("takes 1 to", "eval", "ppl", "--window", "99999", "--text", file("long.txt", "word ".repeat(120_000)));
        refused("shorten the prompt", "generate", "--prompt", "word ".repeat(10_000));
    }

    @Test
    void tokensThatDoNotFit() {
        refused("takes 1 to", "logits", "--ids", ids(new int[100_000]), "--out", out);
        refused("token 9999999 is outside", "logits", "--ids", ids(9_999_999), "--out", out);
        refused("takes 1 to", "tune", "--rows", "1,100000");
        refused("a context of 0 tokens", "tune", "--rows", "0");
    }

    @Test
    void recipesThatDoNotFit() throws IOException {
        Path text = file("text.txt", BundledModel.evaluationText());
        refused("'mxfp5'", "eval", "ppl", "--text", text, "--recipe", "mxfp5");
        refused("granularity", "eval", "ppl", "--text", text, "--recipe", "micromix;granularity=96");
        refused("there is no file", "generate", "--prompt", "x", "--recipe", "micromix", "--calibration", out);
        refused("samples is 0", "quantize", "--recipe", "micromix;granularity=32", "--samples", "0", "--out", out);
        Path none = folder.resolve("none.txt");
        refused("no text file", "quantize", "--recipe", "micromix;granularity=32", "--text", none, "--out", out);
        refused("no text file", "calibrate", "--text", none, "--out", out);
    }

    @Test
    void reportsThatCannotBeDrawn() throws IOException {
        Path page = folder.resolve("page.html");
        Path text = file("short.txt", "A short text");
        refused(
                "than one window of 512",
                "quantize",
                "--recipe",
                "mixed",
                "--out",
                out,
                "--report",
                page,
                "--report-text",
                text);
        refused("--out and --report are both", "quantize", "--recipe", "mixed", "--out", out, "--report", out);
        assertThat(page).doesNotExist();
        assertThat(out).doesNotExist();
    }

    /** Loading, which comes next, tells of the NaN. */
    @Test
    void windowsAreThoseThatTheModelTakes() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceAll("(\"max_position_embeddings\": )\\d+", "$1 64"));
        Path text = file("text.txt", BundledModel.evaluationText());
        refused("1 NaN", "eval", "ppl", "--text", text);
        refused("1 NaN", "compare", "--recipes", "mxfp4");
        refused("takes 1 to 64", "eval", "ppl", "--text", text, "--window", "512");
        refused("takes 1 to 64", "eval", "ppl", "--text", text, "--paper");
    }

    @Test
    void cachesThatAreNotForTheHeads() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"head_dim\": 64", "\"head_dim\": 16")
                        .replace("\"num_attention_heads\": 4", "\"num_attention_heads\": 16")
                        .replace("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 8"));
        String why =
                "a key/value cache in int4 is for heads of a multiple of 32 channels, not of 16 as this model has them";
        refused(why, "generate", "--prompt", "x", "--kv-cache", "int4");
        refused(why, "eval", "ppl", "--text", file("t.txt", BundledModel.evaluationText()), "--kv-cache", "int4");
        refused(why, "compare", "--recipes", "mxfp4", "--kv-cache", "int4");
        refused(why, "logits", "--ids", ids(1), "--out", out, "--kv-cache", "int4");
        refused(why, "bench", "e2e", "--prefill", "8", "--decode", "1", "--kv-cache", "int4");
        refused(
                why,
                "bench",
                "requests",
                "--context",
                "64",
                "--prompt",
                "2-4",
                "--tokens",
                "2-2",
                "--kv-cache",
                "int4");
    }

    @Test
    void tokenizersThatCannotBeUsed() throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        refused("not a tokenizer", "quantize", "--recipe", "micromix;granularity=32", "--out", out);
        refused("not a tokenizer", "calibrate", "--granularity", "32", "--out", out);
        Files.delete(model.resolve("tokenizer.json"));
        refused("no tokenizer", "generate", "--prompt", "x");
        refused("no tokenizer", "eval", "ppl", "--text", file("a.txt", "words"));
        refused("no tokenizer", "calibrate", "--granularity", "32", "--out", out);
    }

    @Test
    void aLineThatIsTooLongIsNamed() throws IOException {
        Path prompts = folder.resolve("prompts.txt");
        Files.writeString(prompts, "one\n\n" + "word ".repeat(3000) + "\n");
        refused("line 3 of " + prompts + ": ", "generate", "--prompts", prompts);
        refused("--prompt 2: ", "generate", "--prompt", "one", "--prompt", "");
    }

    @Test
    void theBundledTextIsTooShortToRoundBy() {
        String few = "30,000 tokens or more how to round, which the bundled text has not";
        refused(few, "quantize", "--recipe", "mixed;bits=4.5", "--out", out);
        refused(few, "generate", "--recipe", "mixed", "--prompt", "x");
        refused(few, "compare", "--recipes", "mxfp4,mixed");
    }

    @Test
    void windowsOfMoreThanTheModelTakesAreTold() {
        Object[] words = {
            "quantize",
            "--recipe",
            "mixed;round=nearest",
            "--seqlen",
            5000,
            "--out",
            out,
            "--model",
            model,
            "--device",
            "cpu"
        };
        assertThat(CommandRun.of(words).err().lines())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo("mxforge: warning: --seqlen 5000 is more than the model takes: windows have 512 tokens");
    }
}
