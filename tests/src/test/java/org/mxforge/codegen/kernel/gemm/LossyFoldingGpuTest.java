package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.tune.device.GpuProduct;
import org.mxforge.tests.gpu.GpuTest;
import org.mxforge.tests.gpu.Numbers;

/** Lossy folding rounds MXFP8 once more and promoted sums round too: together they change a product by less than a thousandth. */
@Tag("gpu")
class LossyFoldingGpuTest {
    private static final int M = 40;
    private static final int N = 72;

    /**
     * The last case of each length is the hardest: groups that are small in one operand are large in the other, so that those which
     * folding rounds count as much as all others.
     *
     * @param activation binades that activations grow by along the channels
     * @param weight the same of weights
     */
    @ParameterizedTest
    @CsvSource({
        "4096, 0, 0",
        "4096, 8, 0",
        "4096, 10, -5",
        "4096, 10, -10",
        "14336, 0, 0",
        "14336, 8, 0",
        "14336, 10, -5",
        "14336, 10, -10"
    })
    void promotedProductsOfFoldedMxFp8AreRight(int channels, double activation, double weight) {
        CudaContext gpu = GpuTest.context();
        assumeTrue(gpu.device().target() == Target.SM_90A, "folding is for compute capability 9.0 only");
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e4m3xe4m3"), channels);
        PackedMatrix a = GemmCases.rising(split, Side.ACTIVATION, M, activation, 21);
        PackedMatrix b = GemmCases.rising(split, Side.WEIGHT, N, weight, 22);
        float[] expected = ReferenceGemm.of(a, b).result(ScalarType.FP32);
        for (OperandLayout layout : List.of(OperandLayout.CONTAINERS, OperandLayout.FRAGMENTS)) {
            KernelProblem problem = new KernelProblem(
                    MxGemmSpec.exact(split.pairs(), Epilogue.NONE, ScalarType.FP32)
                            .with(Tolerance.WITHIN_4),
                    layout);
            List<KernelVariant> variants = promoted(problem, channels);
            GpuTest.kernels().compileAll(variants);
            try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, a, b, new float[0])) {
                for (KernelVariant variant : variants) {
                    float[] result = gemm.run(GpuTest.kernels().kernel(variant));
                    assertThat(Numbers.relativeError(result, expected))
                            .as(variant.text())
                            .isPositive()
                            .isLessThan(1e-3);
                }
            }
        }
    }

    /**
     * Of each algorithm those that a model may run on so many channels, one for each interval of promotion: what is folded and where sums are
     * promoted is all that rounds.
     */
    private static List<KernelVariant> promoted(KernelProblem problem, int channels) {
        GemmShape shape = new GemmShape(M, N, List.of(channels));
        Map<List<Object>, KernelVariant> variants = new LinkedHashMap<>();
        for (KernelVariant variant : problem.within(KernelProblem.Scope.DIRECT).variants(Target.SM_90A)) {
            int promotion = variant.tiling() instanceof WgmmaTiling tiling ? tiling.promotion() : 1;
            if (promotion > 0 && variant.algorithm().permits(variant.spec(), variant.configuration(), shape)) {
                variants.putIfAbsent(List.of(variant.algorithm(), promotion), variant);
            }
        }
        assertThat(variants).isNotEmpty();
        return List.copyOf(variants.values());
    }
}
