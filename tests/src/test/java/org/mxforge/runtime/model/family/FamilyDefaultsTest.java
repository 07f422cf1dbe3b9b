package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;

/** What a configuration has that it does not say: the values of transformers' configuration classes. */
class FamilyDefaultsTest {
    @ParameterizedTest
    @CsvSource({
        "llama, 32000, 4096, 11008, 32, 32, 32, 128, 2048, 1e-6, 1e4",
        "mistral, 32000, 4096, 14336, 32, 32, 8, 128, 131072, 1e-6, 1e4",
        "mixtral, 32000, 4096, 0, 32, 32, 8, 128, 131072, 1e-5, 1e6",
        "qwen2, 151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-6, 1e4",
        "qwen3, 151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-6, 1e4"
    })
    void areThoseOfTheFamily(
            String family,
            int vocabulary,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int head,
            int positions,
            float epsilon,
            double theta) {
        ModelConfig config = Configs.read("{\"model_type\": \"" + family + "\", \"sliding_window\": null}");
        assertThat(config.vocabulary()).isEqualTo(vocabulary);
        assertThat(config.hidden()).isEqualTo(hidden);
        assertThat(config.intermediate()).isEqualTo(intermediate);
        assertThat(config.layers()).isEqualTo(layers);
        assertThat(config.heads()).isEqualTo(heads);
        assertThat(config.kvHeads()).isEqualTo(kvHeads);
        assertThat(config.head()).isEqualTo(head);
        assertThat(config.maxPositions()).isEqualTo(positions);
        assertThat(config.epsilon()).isEqualTo(epsilon);
        assertThat(config.rope().theta()).isEqualTo(theta);
        assertThat(config.rope().scaling()).isEqualTo(new RopeScaling.None());
        assertThat(config.tiedEmbeddings()).isFalse();
        if (family.startsWith("qwen")) {
            assertThat(config.endTokens()).isEmpty();
        } else {
            assertThat(config.endTokens()).containsExactly(2);
        }
    }

    @Test
    void expertsOfMixtral() {
        FeedForwardBlock.Routed experts = experts("");
        assertThat(experts.experts()).isEqualTo(8);
        assertThat(experts.perToken()).isEqualTo(2);
        assertThat(experts.gate(0).outputs()).isEqualTo(14_336);
        assertThat(experts("\"num_local_experts\": 4, \"num_experts_per_tok\": null")
                        .perToken())
                .isEqualTo(2);
    }

    private static FeedForwardBlock.Routed experts(String fields) {
        return (FeedForwardBlock.Routed)
                Configs.small("mixtral", fields).decoderLayers().get(0).feedForward();
    }

    /** Null is no value, so that the default is taken. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab_size",
                "hidden_size",
                "intermediate_size",
                "num_attention_heads",
                "max_position_embeddings",
                "rms_norm_eps",
                "rope_theta",
                "rope_scaling",
                "rope_parameters",
                "head_dim",
                "hidden_act",
                "layer_types",
                "tie_word_embeddings",
                "attention_bias",
                "mlp_bias",
                "num_local_experts",
                "num_experts_per_tok",
                "use_sliding_window",
                "max_window_layers",
                "architectures",
                "pad_token_id",
                "partial_rotary_factor"
            })
    void areTakenForNull(String key) {
        for (String family : new String[] {"llama", "mistral", "mixtral", "qwen2", "qwen3"}) {
            assertThat(Configs.small(family, "\"" + key + "\": null")).isEqualTo(Configs.small(family, ""));
        }
    }

    /** These are left out with a meaning: as many as query heads, no end. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "mixtral", "qwen2", "qwen3"})
    void nullOfSomeKeysIsAValue(String family) {
        ModelConfig config = Configs.small(
                family, "\"num_attention_heads\": 16, \"num_key_value_heads\": null, \"eos_token_id\": null");
        assertThat(config.kvHeads()).isEqualTo(16);
        assertThat(config.endTokens()).isEmpty();
    }

    @Test
    void headDimOfQwen3DoesNotFollowTheHiddenSize() {
        String fields = "\"hidden_size\": 1024, \"num_attention_heads\": 16, \"num_key_value_heads\": 8";
        assertThat(Configs.small("qwen3", fields).head()).isEqualTo(128);
        assertThat(Configs.small("qwen2", fields).head()).isEqualTo(64);
        assertThat(Configs.small("mistral", fields + ", \"head_dim\": 128").queryWidth())
                .isEqualTo(2048);
    }

    /** The fixtures' logits are those of transformers, so that these would be as well. */
    @Test
    void fixturesMayLeaveOutTheirDefaults() throws IOException {
        String mixtral = fixture("fx-mixtral");
        String brief = mixtral.replaceAll("\"(rope_parameters|rms_norm_eps|num_experts_per_tok)\"", "\"unused_$1\"");
        assertThat(brief).isNotEqualTo(mixtral);
        assertThat(Configs.read(brief)).isEqualTo(ModelConfig.read(Fixtures.folder("fx-mixtral")));
        String llama = fixture("fx-llama");
        assertThat(Configs.read(llama.replace("rope_parameters", "rope_scaling")))
                .isEqualTo(ModelConfig.read(Fixtures.folder("fx-llama")));
        String qwen2 = fixture("fx-qwen2");
        assertThat(Configs.read(
                        qwen2.replaceAll("\"(layer_types|sliding_window|use_sliding_window)\"", "\"unused_$1\"")))
                .isEqualTo(ModelConfig.read(Fixtures.folder("fx-qwen2")));
    }

    private static String fixture(String name) throws IOException {
        return Files.readString(Fixtures.folder(name).resolve("config.json"));
    }

    /** A default can be at odds with what is said. */
    @Test
    void defaultThatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> Configs.small("mixtral", "\"num_attention_heads\": 4"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("num_key_value_heads is 8, where it is left out in a mixtral, not a divisor of"
                        + " num_attention_heads, 4");
        assertThatThrownBy(() -> Configs.small("mistral", "\"num_attention_heads\": 12, \"hidden_size\": 768"))
                .hasMessageContaining("num_key_value_heads is 8");
    }

    @Test
    void biasesAreWhereTheFamilyHasThem() {
        String both = "\"attention_bias\": true, \"mlp_bias\": true";
        for (String family : new String[] {"mistral", "mixtral"}) {
            assertThat(Configs.small(family, both)).isEqualTo(Configs.small(family, ""));
        }
        assertThat(Configs.small("qwen2", "\"attention_bias\": false")).isEqualTo(Configs.small("qwen2", ""));
        assertThat(Configs.small("qwen3", both)).isNotEqualTo(Configs.small("qwen3", ""));
        assertThat(Configs.small("llama", "\"mlp_bias\": true")).isNotEqualTo(Configs.small("llama", ""));
    }

    @Test
    void activationsHaveOneFormula() {
        assertThat(Configs.small("llama", "\"hidden_act\": \"swish\"")).isEqualTo(Configs.small("llama", ""));
        assertThatThrownBy(() -> Configs.small("mistral", "\"hidden_act\": \"gelu_new\""))
                .hasMessageContaining("hidden_act is \"gelu_new\", not silu");
    }
}
