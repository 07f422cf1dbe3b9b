package org.mxforge.runtime.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.family.ModelConfig.Rope;

/** Frequencies, sharpness and context of each scaling, by numbers worked out from the published formulas. */
class RopeScalingTest {
    /** Heads of width 8, so that plain frequencies are 1, 0.1, 0.01 and 0.001. */
    private static final String WIDTH_8 =
            "\"head_dim\": 8, \"rope_theta\": 10000, \"max_position_embeddings\": 64, \"rope_scaling\": ";

    /** Qwen2.5: pairs up to 23 are kept, those from 40 on divided by 4. */
    @Test
    void yarnOfQwen() {
        ModelConfig config = Configs.small(
                "qwen2",
                """
                "max_position_embeddings": 32768, "rope_theta": 1000000.0, "rope_scaling": {"factor": 4.0,
                "original_max_position_embeddings": 32768, "type": "yarn"}""");
        assertThat(config.maxPositions()).isEqualTo(131072);
        assertThat(config.rope().attentionFactor()).isCloseTo(1.138629436111989, within(1e-12));
        float[] frequencies = config.rope().frequencies(128, 1);
        int[] pairs = {0, 23, 24, 30, 40, 41, 63};
        double[] expected = {
            1,
            0.006978305848598663,
            0.005375321490790102,
            0.0010643609812470017,
            4.445698525097307e-05,
            3.582531425592407e-05,
            3.102344401879299e-07
        };
        assertClose(frequencies, pairs, expected);
        float[] fractional = Configs.small(
                        "qwen2",
                        """
                        "rope_theta": 1000000.0, "rope_scaling": {"factor": 4.0, "truncate": false,
                        "original_max_position_embeddings": 32768, "type": "yarn"}""")
                .rope()
                .frequencies(128, 1);
        expected[2] = 0.0055172704751341225;
        expected[3] = 0.0010792377416765538;
        assertClose(fractional, pairs, expected);
    }

    /** Yarn-Llama-2: the original context is beside max_position_embeddings that are stretched already. */
    @Test
    void yarnOfStretchedPositions() {
        ModelConfig config = Configs.small(
                "llama",
                """
                "head_dim": 8, "max_position_embeddings": 65536, "rope_scaling": {"factor": 16.0,
                "original_max_position_embeddings": 4096, "type": "yarn", "finetuned": true}""");
        assertThat(config.maxPositions()).isEqualTo(65536);
        assertThat(config.rope().frequencies(8, 9))
                .containsExactly(new float[] {1f, 0.1f, 0.0053125f, 6.25e-5f}, within(1e-9f));
        ModelConfig ratio = Configs.small(
                "llama",
                """
                "head_dim": 8, "max_position_embeddings": 65536, "original_max_position_embeddings": 4096,
                "rope_parameters": {"factor": null, "rope_type": "yarn"}""");
        assertThat(ratio.rope()).isEqualTo(config.rope());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            "factor": 40|1.3688879454113936
            "factor": 40, "mscale": 0.707, "mscale_all_dim": 1.0|0.9210423553163399
            "factor": 40, "mscale": 1.0, "mscale_all_dim": 1.0|1
            "factor": 40, "mscale": 0.707|1.3688879454113936
            "factor": 40, "mscale": 0.707, "mscale_all_dim": 0|1.3688879454113936
            "factor": 40, "attention_factor": 1.5, "mscale": 2, "mscale_all_dim": 1|1.5
            "factor": 40, "attention_factor": 2|2
            "factor": 1|1
            """)
    void sharpnessOfYarn(String fields, double expected) {
        Rope rope = Configs.small("llama", WIDTH_8 + "{\"rope_type\": \"yarn\", " + fields + "}")
                .rope();
        assertThat(rope.attentionFactor()).isCloseTo(expected, within(1e-12));
    }

    /** The bounds that the paper gives, also where they are null or zero. */
    @Test
    void boundsOfYarn() {
        String yarn = WIDTH_8 + "{\"rope_type\": \"yarn\", \"factor\": 4";
        Rope usual = Configs.small("llama", yarn + "}").rope();
        assertThat(Configs.small("llama", yarn + ", \"beta_fast\": 32, \"beta_slow\": 1.0}")
                        .rope())
                .isEqualTo(usual);
        assertThat(Configs.small("llama", yarn + ", \"beta_fast\": null, \"beta_slow\": 0}")
                        .rope())
                .isEqualTo(usual);
        assertThat(Configs.small("llama", yarn + ", \"beta_fast\": 16}").rope()).isNotEqualTo(usual);
    }

    /** Theta grows to 10418.8 for 65 tokens and to 10000 * 3^(8/6) = 43267.5 for 128, up to 64 it stays. */
    @Test
    void dynamic() {
        ModelConfig config = Configs.small("llama", WIDTH_8 + "{\"type\": \"dynamic\", \"factor\": 2.0}");
        assertThat(config.maxPositions()).isEqualTo(128);
        assertThat(config.rope().attentionFactor()).isEqualTo(1);
        float[] plain = {1f, 0.1f, 0.01f, 0.001f};
        assertThat(config.rope().frequencies(8, 1)).containsExactly(plain, within(1e-9f));
        assertThat(config.rope().frequencies(8, 64)).containsExactly(plain, within(1e-9f));
        assertThat(config.rope().frequencies(8, 65))
                .containsExactly(
                        new float[] {1f, 0.09897952063199054f, 0.009796945504538643f, 0.0009696969696969697f},
                        within(1e-8f));
        assertThat(config.rope().frequencies(8, 128))
                .containsExactly(
                        new float[] {1f, 0.06933612743506347f, 0.004807498567691361f, 0.0003333333333333334f},
                        within(1e-8f));
        assertThat(config.rope().span(1))
                .isEqualTo(config.rope().span(64))
                .isNotEqualTo(config.rope().span(65));
    }

    @Test
    void linear() {
        ModelConfig config = Configs.small("llama", WIDTH_8 + "{\"type\": \"linear\", \"factor\": 2.5}");
        assertThat(config.maxPositions()).isEqualTo(160);
        assertThat(config.rope().frequencies(8, 100))
                .containsExactly(new float[] {0.4f, 0.04f, 0.004f, 0.0004f}, within(1e-9f));
    }

    @Test
    void longRope() {
        ModelConfig config = Configs.small(
                "llama",
                """
                "head_dim": 8, "max_position_embeddings": 128, "original_max_position_embeddings": 64,
                "rope_scaling": {"type": "longrope", "short_factor": [1, 1.0, 1.25, 2],
                "long_factor": [1.0, 2, 4.0, 8.0], "short_mscale": 1.1}""");
        assertThat(config.maxPositions()).isEqualTo(128);
        assertThat(config.rope().attentionFactor()).isCloseTo(1.0801234497346435, within(1e-12));
        assertThat(config.rope().frequencies(8, 64))
                .containsExactly(new float[] {1f, 0.1f, 0.008f, 0.0005f}, within(1e-9f));
        assertThat(config.rope().frequencies(8, 65))
                .containsExactly(new float[] {1f, 0.05f, 0.0025f, 0.000125f}, within(1e-9f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            "factor": 32, "original_max_position_embeddings": 4096|1.1902380714238083
            "factor": 32, "original_max_position_embeddings": 4096, "attention_factor": 1.25|1.25
            "original_max_position_embeddings": 64|1
            "original_max_position_embeddings": 128|1
            "factor": 1|1
            """)
    void sharpnessOfLongRope(String fields, double expected) {
        String rope = "{\"rope_type\": \"longrope\", \"short_factor\": [1,1,1,1], \"long_factor\": [1,1,1,1], " + fields
                + "}";
        assertThat(Configs.small("llama", WIDTH_8 + rope).rope().attentionFactor())
                .isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            "type": "dynamic"|rope_scaling lacks factor
            "type": "dynamic", "factor": 0.5|factor is 0.5
            "type": "yarn"|rope_scaling lacks factor
            "type": "yarn", "factor": "4"|factor is "4"
            "type": "yarn", "factor": 4, "beta_fast": 1, "beta_slow": 2|beta_fast is 1.0, below beta_slow, 2.0
            "type": "yarn", "factor": 4, "attention_factor": -1|attention_factor is -1
            "type": "yarn", "factor": 4, "truncate": 1|truncate is 1, not true or false
            "type": "yarn", "factor": 4, "original_max_position_embeddings": 0|original_max_position_embeddings is 0
            "type": "yarn", "factor": 4, "original_max_position_embeddings": 64.5|original_max_position_embeddings is 64.5
            "type": "yarn", "factor": 4, "rope_theta": 1|rope_theta is 1, not above 1
            "type": "longrope", "long_factor": [1,1,1,1]|rope_scaling lacks short_factor
            "type": "longrope", "long_factor": [1,1,1], "short_factor": [1,1,1,1]|long_factor has 3 numbers, but heads of width 8 need 4
            "type": "longrope", "long_factor": [1,1,1,0], "short_factor": [1,1,1,1]|long_factor is [1,1,1,0], not a list of numbers
            "type": "longrope", "long_factor": [1,1,1,NaN], "short_factor": [1,1,1,1]|long_factor is
            "type": "longrope", "long_factor": "1", "short_factor": [1,1,1,1]|long_factor is "1"
            "type": "longrope", "long_factor": [1,1,1,1], "short_factor": [1,1,1,null]|short_factor is [1,1,1,null]
            "type": "longrope", "factor": 2, "original_max_position_embeddings": 1, "long_factor": [1,1,1,1], "short_factor": [1,1,1,1]|an original context of one token cannot be stretched
            """)
    void refuses(String fields, String message) {
        assertThatThrownBy(() -> Configs.small("llama", WIDTH_8 + "{" + fields + "}"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    @Test
    void dynamicNeedsMoreThanOnePair() {
        assertThatThrownBy(() -> Configs.small(
                        "llama", "\"head_dim\": 2, \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}"))
                .hasMessageContaining("not defined for heads of width 2");
    }

    /** Contexts are bounded, whatever factors say. */
    @Test
    void contextsDoNotOverflow() {
        for (String type : List.of("linear", "dynamic", "yarn")) {
            assertThat(Configs.small(
                                    "llama",
                                    "\"max_position_embeddings\": 16777216, \"rope_scaling\": {\"type\": \"" + type
                                            + "\", \"factor\": 1000000}")
                            .maxPositions())
                    .isEqualTo(16_777_216);
        }
    }

    private static void assertClose(float[] frequencies, int[] pairs, double[] expected) {
        for (int i = 0; i < pairs.length; i++) {
            assertThat((double) frequencies[pairs[i]])
                    .as("pair %d", pairs[i])
                    .isCloseTo(expected[i], within(1e-6 * expected[i]));
        }
    }
}
