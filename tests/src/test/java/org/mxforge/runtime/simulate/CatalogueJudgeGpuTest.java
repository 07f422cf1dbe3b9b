package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.check.SampleLaunch;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.tests.gpu.GpuTest;

/** Every kernel of the catalogue, and one of each algorithm, leaves the same bits on a GPU as in the simulator. Prints the list. */
@Tag("gpu")
class CatalogueJudgeGpuTest {
    /** So that a machine that is lent for minutes, or several processes, can take some of them each: see {@code GpuShard}. */
    private static final int PARTS = 12;

    private final CudaContext gpu = GpuTest.context();

    static Stream<Arguments> parts() {
        return Stream.of("sm_90a", "sm_80")
                .flatMap(target -> IntStream.range(0, PARTS).mapToObj(part -> Arguments.of(target, part)));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyKernelLeavesTheSameBits(String target, int part) {
        List<KernelVariant> kernels = EmittedForms.kernels(Target.parse(target)).toList();
        // Compiling takes longest, and can be done side by side.
        List<String> differences = IntStream.range(0, kernels.size())
                .filter(i -> i % PARTS == part)
                .parallel()
                .mapToObj(i -> differences(kernels.get(i)))
                .flatMap(List::stream)
                .toList();
        assertThat(differences).isEmpty();
    }

    private List<String> differences(KernelVariant kernel) {
        gpu.attach();
        List<String> differences =
                SampleLaunch.of(kernel, Map.of()).compare(ArtifactCache.user(), gpu).findings().stream()
                        .filter(finding -> finding.kind() == Finding.Kind.DIFFERENT_ON_GPU)
                        .map(Finding::toString)
                        .toList();
        System.out.printf(
                "%s on %s and simulated: %s%n",
                differences.isEmpty() ? "the same bits" : "DIFFERS",
                gpu.device().name(),
                kernel.text());
        return differences;
    }
}
