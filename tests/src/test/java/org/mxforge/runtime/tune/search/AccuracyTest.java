package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.tune.cost.CostModel;

/** Sums that tensor cores keep for themselves are offered for few channels only. */
class AccuracyTest {
    private static final SearchOrder COSTS = new CostOrder(CostModel.typical(Target.SM_90A)::millis, 2);

    private static List<KernelVariant> order(SearchOrder order, String algorithm, int channels) {
        return order.order(SampleProblems.gemm(algorithm), Target.SM_90A, new GemmShape(2048, 4096, List.of(channels)));
    }

    private static boolean isNarrow(KernelVariant variant) {
        return variant.tiling() instanceof WgmmaTiling tiling && tiling.promotion() == 0;
    }

    @Test
    void narrowSumsAreForFewChannels() {
        for (SearchOrder order : List.of(SearchOrder.NEAR_DEFAULT, COSTS)) {
            for (String algorithm : List.of("wgmma_containers", "wgmma_fragments")) {
                assertThat(order(order, algorithm, 2048)).anyMatch(AccuracyTest::isNarrow);
                assertThat(order(order, algorithm, 4096)).isNotEmpty().noneMatch(AccuracyTest::isNarrow);
            }
        }
    }

    @Test
    void soIsItWithTheExpertsOfGroupedGemmsWhateverTheHeight() {
        for (String algorithm : List.of("wgmma_containers", "wgmma_fragments")) {
            KernelProblem problem = SampleProblems.grouped(algorithm);
            assertThat(COSTS.order(problem, Target.SM_90A, new GroupedShape(8, 16, 4096, List.of(2048))))
                    .anyMatch(variant -> variant.tiling().equals(new WgmmaTiling(64, 128, 0, 1)));
            assertThat(COSTS.order(problem, Target.SM_90A, new GroupedShape(8, 16, 4096, List.of(4096))))
                    .isNotEmpty()
                    .noneMatch(AccuracyTest::isNarrow);
        }
    }

    @Test
    void sumsOfBf16ProductsAreAlwaysGoodEnough() {
        assertThat(order(COSTS, "wgmma_bf16", 14336)).isNotEmpty().allMatch(AccuracyTest::isNarrow);
    }

    @Test
    void streamingBlocksSumInFp32() {
        assertThat(order(SearchOrder.NEAR_DEFAULT, "wgmma_fragments", 14336))
                .anyMatch(variant -> variant.tiling() instanceof StreamTiling tiling && tiling.tokens() == 8);
    }
}
