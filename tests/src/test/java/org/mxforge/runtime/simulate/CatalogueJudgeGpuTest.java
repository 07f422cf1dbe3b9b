package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.tests.gpu.GpuTest;

/** Every kernel of the catalogue, and one of each algorithm, leaves the same bits on a GPU as in the simulator. Prints the list. */
@Tag("gpu")
class CatalogueJudgeGpuTest {
    private final CudaContext gpu = GpuTest.context();

    @ParameterizedTest
    @ValueSource(strings = {"sm_90a", "sm_80"})
    void everyKernelLeavesTheSameBits(String target) {
        // Compiling takes longest, and can be done side by side.
        Map<String, List<String>> verdicts = EmittedForms.kernels(Target.parse(target))
                .parallel()
                .collect(Collectors.toConcurrentMap(KernelVariant::text, this::differences));
        System.out.println("Kernels on " + gpu.device().name() + " and simulated:");
        new TreeMap<>(verdicts)
                .forEach((kernel, differences) ->
                        System.out.println((differences.isEmpty() ? "the same bits  " : "DIFFERS  ") + kernel));
        assertThat(verdicts.values().stream().flatMap(List::stream)).isEmpty();
    }

    private List<String> differences(KernelVariant kernel) {
        gpu.attach();
        return SampleLaunch.compare(kernel, Map.of(), ArtifactCache.user(), gpu).findings().stream()
                .filter(finding -> finding.kind() == Finding.Kind.DIFFERENT_ON_GPU)
                .map(Finding::toString)
                .toList();
    }
}
