package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.family.ModelConfig.Rope;
import org.mxforge.runtime.quant.LinearLayer;

class ConfigReaderTest {
    /** As the hub has Llama 3.1 8B, in the older form. */
    private static final String LLAMA =
            """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 128000,
             "eos_token_id": [128001, 128008, 128009], "hidden_act": "silu", "hidden_size": 4096,
             "intermediate_size": 14336, "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "pretraining_tp": 1,
             "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "rope_theta": 500000.0,
             "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": 128256}""";

    @TempDir
    Path folder;

    @Test
    void readsTheOlderForm() {
        ModelConfig config = read(LLAMA);
        assertThat(config.head()).isEqualTo(128);
        assertThat(config.queryWidth()).isEqualTo(4096);
        assertThat(config.keyWidth()).isEqualTo(1024);
        assertThat(config.epsilon()).isEqualTo(1e-5f);
        assertThat(config.rope()).isEqualTo(new Rope(500_000, new RopeScaling.Llama3(8, 1, 4, 8192), ScalarType.FP32));
        assertThat(config.endTokens()).containsExactlyInAnyOrder(128001, 128008, 128009);
        assertThat(config.linearSites()).hasSize(32 * 4);
    }

    @Test
    void readsTheNewerFormAlike() {
        String newer = LLAMA.replace("\"rope_scaling\": {", "\"rope_parameters\": {\"rope_theta\": 500000.0, ")
                .replace(" \"rope_theta\": 500000.0,\n", "")
                .replace("torch_dtype", "dtype");
        assertThat(read(newer)).isEqualTo(read(LLAMA));
        assertThat(read(newer.replace("\"rope_type\": \"llama3\"", "\"type\": \"llama3\"")))
                .isEqualTo(read(LLAMA));
    }

    @Test
    void readsWhatMayBeLeftOut() {
        ModelConfig config = read(
                """
                {"model_type": "llama", "vocab_size": 8, "hidden_size": 8, "intermediate_size": 16, "head_dim": null,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 4, "rope_scaling": null}""");
        assertThat(config.kvHeads()).isEqualTo(2);
        assertThat(config.head()).isEqualTo(4);
        assertThat(config.rope()).isEqualTo(new Rope(10_000, new RopeScaling.None(), ScalarType.FP32));
        assertThat(config.tiedEmbeddings()).isFalse();
        assertThat(config.endTokens()).containsExactly(2);
    }

    @Test
    void moreExpertsThanMemoryMayHoldAreRefusedBeforeTheyAreBuilt() {
        String many = as("Mixtral", LLAMA)
                .replace("\"num_hidden_layers\": 32", "\"num_local_experts\": 1024, \"num_hidden_layers\": 1024");
        assertThatThrownBy(() -> read(many))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("asks for 1048576 experts");
    }

    @Test
    void readsQwenAndMixtral() {
        ModelConfig qwen = read(as("Qwen2", LLAMA)
                .replace("\"mlp_bias\": false", "\"use_sliding_window\": false, \"sliding_window\": 1024"));
        assertThat(biases(qwen)).isEqualTo("q_proj k_proj v_proj");
        assertThat(qwen.maxPositions()).isEqualTo(131072);
        ModelConfig mixtral = read(as("Mixtral", LLAMA)
                .replace(
                        "\"mlp_bias\": false",
                        "\"num_local_experts\": 8, \"num_experts_per_tok\": 2, \"sliding_window\": null"));
        assertThat(biases(mixtral)).isEmpty();
        assertThat(mixtral.linearSites()).hasSize(32 * (2 + 1 + 8));
        assertThat(mixtral.linearSites().get(2).name()).isEqualTo("model.layers.0.block_sparse_moe.experts.w1_w3");
        assertThat(mixtral.linearSites().get(3).name()).isEqualTo("model.layers.0.block_sparse_moe.experts.0.w2");
    }

    @Test
    void biasesAreReadForLlama() {
        assertThat(biases(read(LLAMA))).isEmpty();
        assertThat(biases(read(LLAMA.replace("attention_bias\": false", "attention_bias\": true"))))
                .isEqualTo("q_proj k_proj v_proj o_proj");
        assertThat(biases(read(LLAMA.replace("mlp_bias\": false", "mlp_bias\": true"))))
                .isEqualTo("gate_proj up_proj down_proj");
    }

    /** The same of another family. */
    private static String as(String family, String llama) {
        return llama.replace("LlamaForCausalLM", family + "ForCausalLM")
                .replace("\"llama\"", "\"" + family.toLowerCase(Locale.ROOT) + "\"");
    }

    /** The layers of the first decoder layer that have one. */
    private static String biases(ModelConfig config) {
        return config.decoderLayers().get(0).sites().stream()
                .flatMap(site -> site.layers().stream())
                .filter(LinearLayer::bias)
                .map(layer -> layer.name().substring(layer.name().lastIndexOf('.') + 1))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "LlamaForCausalLM"|"GPT2LMHeadModel"|GPT2LMHeadModel, which is not supported; supported are LlamaForCausalLM (llama), MistralForCausalLM (mistral), MixtralForCausalLM (mixtral), Qwen2ForCausalLM (qwen2), Qwen3ForCausalLM (qwen3)
            "silu"|"gelu"|hidden_act is "gelu", not silu
            "LlamaForCausalLM"|"MistralForCausalLM"|is at odds with itself: model_type is llama, but architectures has MistralForCausalLM, which is mistral
            "llama3"|"mrope"|the rope_type 'mrope' is not supported; supported are default, linear, dynamic, llama3, yarn and longrope
            "rope_type": "llama3"|"type": "su"|the rope_type 'su' is not supported
            "rope_type": "llama3"|"rope_type": 3|rope_type is 3, not a text
            "factor": 8.0,|"full_attention": {},|rotary positions of their own for full_attention are not supported
            "factor": 8.0,|"partial_rotary_factor": 0.5,|partial_rotary_factor is 0.5
            "factor": 8.0,|"factor": null,|rope_scaling lacks factor
            "rope_theta": 500000.0|"rope_theta": "10000"|rope_theta is "10000"
            "rope_theta": 500000.0|"rope_theta": true|rope_theta is true
            "rope_theta": 500000.0|"rope_theta": NaN|rope_theta is "NaN", not a number
            "rope_theta": 500000.0|"rope_theta": Infinity|rope_theta is "Infinity", not a number
            "rope_theta": 500000.0|"layer_types": ["full_attention"]|layer_types has 1 entries, but num_hidden_layers is 32
            "rope_theta": 500000.0|"layer_types": []|layer_types has 0 entries, but num_hidden_layers is 32
            "rope_theta": 500000.0|"layer_types": "full_attention"|layer_types is "full_attention", not a list
            "vocab_size": 128256|"vocab_size": 0|vocab_size is 0
            "vocab_size": 128256|"vocab_size": 2147483648|vocab_size is 2147483648
            "vocab_size": 128256|"vocab_size": "many"|vocab_size is "many", not a whole number
            "vocab_size": 128256|"vocab_size": 12.5|vocab_size is 12.5, not a whole number
            "hidden_size": 4096|"hidden_size": -4096|hidden_size is -4096
            "hidden_size": 4096|"hidden_size": 4095|hidden_size is 4095, not a multiple of num_attention_heads, 32
            "hidden_size": 4096|"hidden_size": 96|heads of width 3 cannot be rotated
            "num_key_value_heads": 8|"num_key_value_heads": 5|num_key_value_heads is 5, not a divisor of num_attention_heads, 32
            "num_hidden_layers": 32|"num_hidden_layers": 1000000000|num_hidden_layers is 1000000000
            "rms_norm_eps": 1e-05|"rms_norm_eps": 1e999|rms_norm_eps is
            "rms_norm_eps": 1e-05|"rms_norm_eps": "NaN"|rms_norm_eps is "NaN"
            "factor": 8.0|"factor": 0|factor is 0
            "high_freq_factor": 4.0|"high_freq_factor": 1.0|high_freq_factor is 1.0, not above low_freq_factor
            "tie_word_embeddings": false|"tie_word_embeddings": 0|tie_word_embeddings is 0, not true or false
            "eos_token_id": [128001, 128008, 128009]|"eos_token_id": [-1]|eos_token_id is [-1]
            "pretraining_tp": 1|"partial_rotary_factor": 0.5|partial_rotary_factor is 0.5
            """,
            quoteCharacter = '\0')
    void refuses(String text, String replacement, String message) {
        assertThat(LLAMA).contains(text);
        assertThatThrownBy(() -> read(LLAMA.replace(text, replacement)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    @Test
    void refusesFilesThatAreNoConfiguration() throws IOException {
        assertThatThrownBy(() -> ConfigReader.read(folder.resolve("none"))).hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> ConfigReader.read(folder)).hasMessageContaining("there is no file");
        for (String text :
                new String[] {"", "[]", "{", LLAMA + "{}", "null", "[".repeat(100_000), "{\"a\":".repeat(100_000)}) {
            Files.writeString(folder.resolve("config.json"), text);
            assertThatThrownBy(() -> ConfigReader.read(folder))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("config.json")
                    .message()
                    .doesNotContain("\n");
        }
        Files.write(folder.resolve("config.json"), new byte[5 << 20]);
        assertThatThrownBy(() -> ConfigReader.read(folder)).hasMessageContaining("5242880 bytes, more than");
        Files.write(folder.resolve("config.json"), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        assertThatThrownBy(() -> ConfigReader.read(folder)).hasMessageContaining("not valid UTF-8");
    }

    @Test
    void everyTruncationEndsInOneSentence() {
        for (int length = 0; length < LLAMA.length(); length++) {
            String cut = LLAMA.substring(0, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(MxForgeException.class);
        }
    }

    @Test
    void endTokensOfGenerationAreAdded() throws IOException {
        Files.writeString(folder.resolve("config.json"), LLAMA);
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
        assertThat(ConfigReader.read(folder).endTokens()).containsExactlyInAnyOrder(7, 128001, 128008, 128009);
    }

    @Test
    void keysMayComeInAnyOrder() {
        String reversed = Arrays.stream(LLAMA.substring(1, LLAMA.indexOf("\"rope_scaling\""))
                        .strip()
                        .split(",(?![^\\[]*])"))
                .filter(field -> !field.isBlank())
                .collect(Collectors.collectingAndThen(Collectors.toList(), fields -> {
                    java.util.Collections.reverse(fields);
                    return String.join(",", fields);
                }));
        String rest = LLAMA.substring(LLAMA.indexOf("\"rope_scaling\""), LLAMA.length() - 1);
        assertThat(read("{" + rest + "," + reversed + "}")).isEqualTo(read(LLAMA));
    }

    private static ModelConfig read(String json) {
        return Configs.read(json);
    }
}
