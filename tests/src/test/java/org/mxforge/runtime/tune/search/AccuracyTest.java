package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.cost.GpuModel;

/** Sums that tensor cores keep for themselves are offered for few channels only. */
class AccuracyTest {
    private static final SearchOrder COSTS = new CostOrder(CostModel.of(GpuModel.typical(Target.SM_90A))::millis, 2);

    private static List<Configuration> order(SearchOrder order, String groups, int channels) {
        KernelSpec spec = KernelSpec.parse("mxgemm/v1;pairs=e2m1xe2m1;groups=" + groups + ";epilogue=none;out=bf16");
        return order.order(spec, Target.SM_90A, new GemmShape(2048, 4096, List.of(channels)));
    }

    private static boolean isNarrow(Configuration configuration) {
        return configuration.get("bm") >= 128 && configuration.get("promote") == 0;
    }

    @Test
    void narrowSumsAreForFewChannels() {
        for (SearchOrder order : List.of(SearchOrder.NEAR_DEFAULT, COSTS)) {
            for (String groups : List.of("g32.folded", "g32.streamed", "g32.streamed.relaxed")) {
                assertThat(order(order, groups, 2048)).anyMatch(AccuracyTest::isNarrow);
                assertThat(order(order, groups, 4096)).isNotEmpty().noneMatch(AccuracyTest::isNarrow);
            }
        }
    }

    @Test
    void soIsItWithTheExpertsOfGroupedGemmsWhateverTheHeight() {
        for (String groups : List.of("g32.folded", "g32.streamed.relaxed")) {
            KernelSpec spec =
                    KernelSpec.parse("mxgroupedgemm/v1;pairs=e2m1xe2m1;groups=" + groups + ";epilogue=none;out=bf16");
            assertThat(COSTS.order(spec, Target.SM_90A, new GroupedShape(8, 16, 4096, List.of(2048))))
                    .anyMatch(configuration -> configuration.get("bm") == 64 && configuration.get("promote") == 0);
            assertThat(COSTS.order(spec, Target.SM_90A, new GroupedShape(8, 16, 4096, List.of(4096))))
                    .isNotEmpty()
                    .noneMatch(configuration -> configuration.get("promote") == 0);
        }
    }

    @Test
    void sumsOfBf16ProductsAreAlwaysGoodEnough() {
        assertThat(order(COSTS, "g32.expanded", 14336)).isNotEmpty().allMatch(AccuracyTest::isNarrow);
    }

    @Test
    void streamingBlocksSumInFp32() {
        assertThat(order(SearchOrder.NEAR_DEFAULT, "g32.streamed", 14336))
                .anyMatch(configuration -> configuration.get("bm") == 8 && configuration.get("promote") == 0);
    }
}
