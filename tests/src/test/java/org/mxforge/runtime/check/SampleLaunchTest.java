package org.mxforge.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.simulate.Simulation;

class SampleLaunchTest {
    private static Simulation run(String spec, Map<String, Integer> sizes) {
        KernelVariant variant = KernelVariant.of(KernelSpec.parse(spec), Target.SM_80);
        return SampleLaunch.of(variant, sizes).run(ArtifactCache.user());
    }

    @ParameterizedTest
    @CsvSource({
        "softmax/v1, rows, 2",
        "groupmax/v1;group=32, m, 3",
        "mxgemm/v2;pairs=e2m1xe2m1+e4m3xe4m3;groups=g32;epilogue=none;out=bf16;tolerance=exact, k, 64"
    })
    void itDoesMoreOnLargerOperandsAndNothingWrong(String spec, String size, int value) {
        Simulation few = run(spec, Map.of(size, value));
        Simulation more = run(spec, Map.of(size, 2 * value));
        assertThat(few.findings()).isEmpty();
        assertThat(more.findings()).isEmpty();
        assertThat(more.instructions()).isGreaterThan(few.instructions());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groupmax/v1;group=32 | k | 100 | size k of groupmax is 100: give 32 and any number of 32 more",
                "softmax/v1 | width | 3 | no size 'width'",
                "softmax/v1 | rows | -1 | size rows of softmax is -1: give 1 or more",
                "softmax/v1 | rows | 2000000 | too large: choose smaller ones"
            })
    void sizesThatItRefusesAreItsWords(String spec, String size, int value, String words) {
        assertThatThrownBy(() -> run(spec, Map.of(size, value)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("cannot be launched with these sizes")
                .hasMessageContaining(words);
    }
}
