package org.mxforge.dsl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> TARGETS = List.of("cpu", "sm_80", "sm_86", "sm_90a", "sm_100a", "sm_120a");
    private static final List<String> RECIPES =
            List.of("bf16", "mxfp4", "mxfp6-e3m2", "mxfp6-e2m3", "mxfp8", "micromix");
    private static final List<String> COMMANDS =
            List.of("quantize", "generate", "calibrate", "tune", "--tokens", "--top-p");

    @ParameterizedTest
    @CsvSource({"sm_90, sm_90a", "sm90a, sm_90a", "sm_68, sm_86", "SM_80, sm_80", "sm_100, sm_100a", "gpu, cpu"})
    void targets(String word, String meant) {
        assertThat(Spelling.nearest(word, TARGETS)).containsExactly(meant);
    }

    @ParameterizedTest
    @CsvSource({"micromx, micromix", "MXFP4, mxfp4", "fp4, mxfp4", "bf-16, bf16", "mxfp6e2m3, mxfp6-e2m3"})
    void recipes(String word, String meant) {
        assertThat(Spelling.nearest(word, RECIPES)).containsExactly(meant);
    }

    @ParameterizedTest
    @CsvSource({"quantise, quantize", "genreate, generate", "--token, --tokens", "tuen, tune", "calibration, calibrate"
    })
    void commands(String word, String meant) {
        assertThat(Spelling.nearest(word, COMMANDS)).containsExactly(meant);
    }

    @Test
    void severalAreAsNear() {
        assertThat(Spelling.hint("mxfp6", RECIPES)).isEqualTo(" (did you mean mxfp6-e3m2 or mxfp6-e2m3?)");
        assertThat(Spelling.hint("mxfp5", RECIPES)).isEqualTo(" (did you mean mxfp4 or mxfp8?)");
    }

    @Test
    void whatBeginsSoComesFirst() {
        List<String> kernels = List.of("gemm_silu", "grouped_silu", "int8_silu", "silu_bf16", "silu_plain");
        assertThat(Spelling.nearest("silu", kernels)).containsExactly("silu_bf16", "silu_plain", "gemm_silu");
    }

    @Test
    void nothingIsNear() {
        assertThat(Spelling.hint("nonsense", COMMANDS)).isEmpty();
        assertThat(Spelling.hint("", TARGETS)).isEmpty();
        assertThat(Spelling.hint("x".repeat(1 << 20), TARGETS)).isEmpty();
    }
}
