package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.check.SampleLaunch;

/** A tile of each GEMM algorithm, 128 x 128 x 256, takes seconds of one core in the simulator. */
class SimulationSpeedTest {
    private static final Map<String, Integer> TILE = Map.of("m", 128, "n", 128, "k", 256);
    private static final long MOST_NANOS = 10_000_000_000L;

    /** One kernel of each. */
    static Stream<KernelVariant> algorithms() {
        Set<String> seen = new HashSet<>();
        return Stream.of(Target.SM_80, Target.SM_90A)
                .flatMap(EmittedForms::kernels)
                .filter(kernel -> kernel.spec().stem().endsWith("gemm"))
                .filter(kernel -> seen.add(kernel.target()
                        + kernel.spec().stem()
                        + kernel.algorithm().name()));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aTileTakesSeconds(KernelVariant variant) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        SampleLaunch.of(variant, TILE).run(ArtifactCache.user());
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        System.out.println(variant.text() + ": " + nanos / 1_000_000 + " ms");
        assertThat(nanos).isLessThan(MOST_NANOS);
    }
}
