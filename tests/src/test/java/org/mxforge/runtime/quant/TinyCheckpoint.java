package org.mxforge.runtime.quant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;

/** Writes Llama checkpoints of a few kilobytes with random weights: one layer, two heads, QKV without bias. */
public final class TinyCheckpoint {
    static final int VOCABULARY = 50;

    private final int hidden;
    private final int intermediate;
    private final Random random = new Random(7);
    private final SafetensorsWriter tensors = new SafetensorsWriter();
    private String poisoned = "";
    private String huge = "";
    private Function<String, TensorType> types = name -> TensorType.BF16;

    private TinyCheckpoint(int hidden, int intermediate) {
        this.hidden = hidden;
        this.intermediate = intermediate;
    }

    public static Path write(Path folder, int hidden, int intermediate) {
        return new TinyCheckpoint(hidden, intermediate).writeTo(folder);
    }

    /** With three NaN and two infinities in {@code tensor}. */
    public static Path poisoned(Path folder, String tensor) {
        TinyCheckpoint tiny = new TinyCheckpoint(128, 256);
        tiny.poisoned = tensor;
        return tiny.writeTo(folder);
    }

    /** With a {@code tensor} whose values are finite and too large to be added up. */
    public static Path huge(Path folder, String tensor) {
        TinyCheckpoint tiny = new TinyCheckpoint(128, 256);
        tiny.huge = tensor;
        return tiny.writeTo(folder);
    }

    /** With tensors stored in other types than BF16, and values that need them. */
    public static Path stored(Path folder, Function<String, TensorType> types) {
        TinyCheckpoint tiny = new TinyCheckpoint(128, 256);
        tiny.types = types;
        return tiny.writeTo(folder);
    }

    private Path writeTo(Path folder) {
        String layer = "model.layers.0.";
        add("model.embed_tokens.weight", VOCABULARY, hidden);
        add(layer + "self_attn.q_proj.weight", hidden, hidden);
        add(layer + "self_attn.k_proj.weight", hidden, hidden);
        add(layer + "self_attn.v_proj.weight", hidden, hidden);
        add(layer + "self_attn.o_proj.weight", hidden, hidden);
        add(layer + "mlp.gate_proj.weight", intermediate, hidden);
        add(layer + "mlp.up_proj.weight", intermediate, hidden);
        add(layer + "mlp.down_proj.weight", hidden, intermediate);
        add(layer + "input_layernorm.weight", hidden);
        add(layer + "post_attention_layernorm.weight", hidden);
        add("model.norm.weight", hidden);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), config());
            Files.writeString(folder.resolve("tokenizer.json"), "{}");
            tensors.write(folder.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private void add(String name, long... shape) {
        int length = 1;
        for (long side : shape) {
            length *= (int) side;
        }
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        if (name.equals(huge)) {
            Arrays.fill(floats, 3e38f);
        }
        ScalarType scalar =
                switch (types.apply(name)) {
                    case F16 -> ScalarType.FP16;
                    case F32 -> ScalarType.FP32;
                    default -> ScalarType.BF16;
                };
        ScalarArray stored = ScalarArray.rounded(scalar, floats);
        if (name.equals(poisoned) && stored instanceof ScalarArray.Bf16 brain) {
            short[] values = brain.bits();
            values[3] = (short) 0x7fc0;
            values[50] = (short) 0xffc1;
            values[51] = (short) 0x7f81;
            values[100] = (short) 0x7f80;
            values[101] = (short) 0xff80;
        }
        tensors.add(name, types.apply(name), SafetensorsWriter.Payload.of(stored), shape);
    }

    private String config() {
        return """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
                 "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 1, "num_attention_heads": 2,
                 "num_key_value_heads": 2, "vocab_size": %d, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
                 "max_position_embeddings": 64, "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
                """
                .formatted(hidden, intermediate, VOCABULARY);
    }
}
