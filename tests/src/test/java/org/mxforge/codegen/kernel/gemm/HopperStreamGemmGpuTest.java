package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.tune.device.GpuProduct;
import org.mxforge.tests.gpu.GpuTest;

/**
 * GEMMs that stream their weights: sums are FP32, so they are exact on whatever the portable kernels are exact on; those whose warps multiply
 * together, on what FP8 tensor cores add exactly.
 */
@Tag("gpu")
class HopperStreamGemmGpuTest {
    private static final int[] ROWS = {1, 7, 8, 16, 33, 64};
    private static final int[] COLUMNS = {258, 77, 40, 136, 16, 130};

    private CudaContext gpu;
    private KernelStore kernels;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        kernels = GpuTest.kernels();
        assumeTrue(gpu.device().target() == Target.SM_90A, "the kernel is tuned for compute capability 9.0 only");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "FRAGMENTS", "MIXED_FRAGMENTS"})
    void allPairsAreExactForEveryRowCount(OperandLayout layout) {
        List<FormatPair> pairs = FormatPair.all().stream()
                .filter(pair -> isRead(List.of(pair), layout))
                .toList();
        List<KernelVariant> variants = IntStream.range(0, pairs.size())
                .mapToObj(i -> {
                    List<KernelVariant> all =
                            variants(problem(List.of(pairs.get(i)), layout, Epilogue.NONE, ScalarType.BF16));
                    return all.get(i % all.size());
                })
                .toList();
        kernels.compileAll(variants);
        for (int i = 0; i < pairs.size(); i++) {
            assertExact(List.of(variants.get(i)), ChannelSplit.uniform(pairs.get(i), 160), i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "FRAGMENTS", "MIXED_FRAGMENTS"})
    void allConfigurationsOfAMixedSplitAreExact(OperandLayout layout) {
        ChannelSplit split = split(FormatMixes.MICROMIX_MATCHED, 2080, 96, 544);
        assertExact(variants(problem(split.pairs(), layout, Epilogue.NONE, ScalarType.BF16)), split, 5);
    }

    @Test
    void everyEpilogueAndOutputIsExact() {
        ChannelSplit split = split(FormatMixes.MICROMIX_W4, 64, 192, 128);
        for (ScalarType output : ScalarType.values()) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
                List<KernelVariant> all = variants(problem(split.pairs(), OperandLayout.FRAGMENTS, epilogue, output));
                assertExact(List.of(all.get(0), all.get(all.size() - 1)), split, 6);
            }
        }
    }

    /** The exponential of SiLU is not exact; all else is. */
    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "FRAGMENTS", "MIXED_FRAGMENTS"})
    void gatesAndTheirFactorsMakeOneOutput(OperandLayout layout) {
        for (List<FormatPair> pairs : List.of(FormatMixes.MICROMIX_MATCHED, FormatMixes.MICROMIX_W4)) {
            if (!isRead(pairs, layout)) {
                continue;
            }
            ChannelSplit split = split(pairs, 160, 96, 64);
            List<KernelVariant> variants = variants(problem(pairs, layout, Epilogue.SWIGLU, ScalarType.BF16));
            kernels.compileAll(variants);
            for (int tokens : new int[] {3, 70}) {
                ExactOperands operands = ExactOperands.sparse(split, tokens, 80, 7);
                ReferenceGemm reference =
                        ReferenceGemm.of(operands.activation(), operands.weight(), Epilogue.SWIGLU, new float[0]);
                for (KernelVariant variant : variants) {
                    assertThat(ErrorBound.nearest(ScalarType.BF16).violation(run(variant, operands), reference))
                            .as("%s, M=%d", variant.text(), tokens)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void manyTilesOfTokensAreExact() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 416);
        KernelProblem problem = problem(split.pairs(), OperandLayout.FRAGMENTS, Epilogue.NONE, ScalarType.FP32);
        for (KernelVariant variant : variants(problem)) {
            assertExact(
                    variant,
                    isJoint(variant)
                            ? ExactOperands.sparse(split, 300, 24, 8)
                            : ExactOperands.generate(split, 300, 24, 8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 14336})
    void randomOperandsStayWithinTheBoundOfTensorCoresAndRepeat(int channels) {
        int m = 24;
        int n = 40;
        for (String pair : new String[] {"e2m1xe2m1", "e3m2xe3m2", "e2m3xe2m3"}) {
            ChannelSplit split = ChannelSplit.uniform(FormatPair.parse(pair), channels);
            PackedMatrix a = GemmCases.level(split, Side.ACTIVATION, m, 5);
            PackedMatrix b = GemmCases.level(split, Side.WEIGHT, n, 6);
            ReferenceGemm reference = ReferenceGemm.of(a, b);
            for (OperandLayout layout : List.of(OperandLayout.CONTAINERS, OperandLayout.FRAGMENTS)) {
                KernelProblem problem = problem(split.pairs(), layout, Epilogue.NONE, ScalarType.FP32);
                try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, a, b, new float[0])) {
                    for (KernelVariant variant : variants(problem)) {
                        float[] result = gemm.run(kernels.kernel(variant));
                        ErrorBound bound = isJoint(variant)
                                ? ErrorBound.fp8TensorCore(ContainerTile.CHANNELS, channels, ScalarType.FP32)
                                : ErrorBound.tensorCore(ScalarType.FP32);
                        assertThat(bound.violation(result, reference))
                                .as(variant.text())
                                .isEmpty();
                        assertThat(ExactOperands.difference(gemm.run(kernels.kernel(variant)), result, n))
                                .as("repeated: " + variant.text())
                                .isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void aNanScalePoisonsItsRowAndNoOther() {
        ChannelSplit split = split(FormatMixes.MICROMIX_W4, 32, 96, 64);
        ExactOperands operands = ExactOperands.generate(split, 5, 40, 9);
        operands.activation().partitions().get(1).scales()[2 * 3 + 1] = (byte) 0xff;
        KernelProblem problem = problem(split.pairs(), OperandLayout.FRAGMENTS, Epilogue.NONE, ScalarType.FP32);
        for (KernelVariant variant : variants(problem)) {
            float[] result = run(variant, operands);
            for (int i = 0; i < result.length; i++) {
                assertThat(Float.isNaN(result[i]))
                        .as("element %d of %s", i, variant.text())
                        .isEqualTo(i / 40 == 2);
            }
        }
    }

    private void assertExact(List<KernelVariant> variants, ChannelSplit split, long seed) {
        kernels.compileAll(variants);
        for (int i = 0; i < ROWS.length; i++) {
            ExactOperands sparse = ExactOperands.sparse(split, ROWS[i], COLUMNS[i], 100 * seed + i);
            ExactOperands ordinary = ExactOperands.generate(split, ROWS[i], COLUMNS[i], 100 * seed + 50 + i);
            for (KernelVariant variant : variants) {
                assertExact(variant, sparse);
                if (!isJoint(variant)) {
                    assertExact(variant, ordinary);
                }
            }
        }
    }

    private static boolean isJoint(KernelVariant variant) {
        return variant.tiling() instanceof StreamTiling tiling && StreamTiling.isJoint(tiling.tokens());
    }

    private void assertExact(KernelVariant variant, ExactOperands operands) {
        MxGemmSpec spec = (MxGemmSpec) variant.spec();
        float[] expected = ReferenceGemm.of(
                        operands.activation(), operands.weight(), spec.epilogue(), epilogueOperand(spec, operands))
                .result(spec.output());
        assertThat(ExactOperands.difference(
                        run(variant, operands), expected, operands.weight().rows()))
                .as("%s, M=%d", variant.text(), operands.activation().rows())
                .isEmpty();
    }

    private float[] run(KernelVariant variant, ExactOperands operands) {
        MxGemmSpec spec = (MxGemmSpec) variant.spec();
        try (GpuProduct gemm = GpuProduct.mixed(
                gpu,
                KernelProblem.of(variant),
                operands.activation(),
                operands.weight(),
                epilogueOperand(spec, operands))) {
            return gemm.run(kernels.kernel(variant));
        }
    }

    private static float[] epilogueOperand(MxGemmSpec spec, ExactOperands operands) {
        return switch (spec.epilogue()) {
            case BIAS -> operands.bias();
            case RESIDUAL, SILU_MUL -> operands.residual();
            case NONE, SWIGLU -> new float[0];
        };
    }

    /** Compiled at once: that takes longest. */
    private List<KernelVariant> variants(KernelProblem problem) {
        List<KernelVariant> variants = problem.within(KernelProblem.Scope.DIRECT).variants(Target.SM_90A).stream()
                .filter(variant -> variant.tiling() instanceof StreamTiling)
                .toList();
        kernels.compileAll(variants);
        return variants;
    }

    /** Allowed to round where folding could; the operands of these tests fold exactly. */
    private static KernelProblem problem(
            List<FormatPair> pairs, OperandLayout layout, Epilogue epilogue, ScalarType output) {
        boolean exact = pairs.stream().allMatch(pair -> pair.hasRoomForScales() || layout.widens(pair.activation()));
        return new KernelProblem(
                MxGemmSpec.exact(pairs, epilogue, output).with(exact ? Tolerance.EXACT : Tolerance.WITHIN_4), layout);
    }

    private static boolean isRead(List<FormatPair> pairs, OperandLayout layout) {
        KernelProblem problem = problem(pairs, layout, Epilogue.NONE, ScalarType.BF16);
        return KernelProblem.layouts(problem.spec(), Target.SM_90A, KernelProblem.Scope.DIRECT)
                .contains(layout);
    }

    private static ChannelSplit split(List<FormatPair> pairs, int... channels) {
        return new ChannelSplit(
                IntStream.range(0, pairs.size())
                        .mapToObj(i -> new Partition(pairs.get(i), channels[i]))
                        .toList(),
                GroupLayout.GROUP);
    }
}
