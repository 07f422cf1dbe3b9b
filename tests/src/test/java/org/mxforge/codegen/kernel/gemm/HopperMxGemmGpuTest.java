package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
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
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.tune.device.GpuProduct;
import org.mxforge.tests.gpu.GpuTest;
import org.mxforge.tests.gpu.Numbers;

/** GEMMs on FP8 wgmma: bit for bit on operands that its narrow sums hold, within the bound on random ones. */
@Tag("gpu")
class HopperMxGemmGpuTest {
    private static final int[] ROWS = {1, 7, 64, 200};
    private static final int[] COLUMNS = {77, 136, 258, 130};

    private CudaContext gpu;
    private KernelStore kernels;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        kernels = GpuTest.kernels();
        assumeTrue(gpu.device().target() == Target.SM_90A, "wgmma needs a GPU of compute capability 9.0");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "BF16", "FRAGMENTS", "MIXED_FRAGMENTS"})
    void allPairsAreExactForEveryRowCount(OperandLayout layout) {
        assertExact(
                FormatPair.all().stream()
                        .map(pair -> ChannelSplit.uniform(pair, 160))
                        .filter(split -> isRead(split, layout))
                        .toList(),
                layout,
                Epilogue.NONE,
                ScalarType.BF16);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "BF16", "FRAGMENTS", "MIXED", "MIXED_FRAGMENTS"})
    void mixedSplitsOfEveryGranularityAreExact(OperandLayout layout) {
        for (int granularity : new int[] {32, 64, 128}) {
            assertExact(
                    FormatMixes.mixed().stream()
                            .map(pairs -> GemmCases.split(pairs, granularity))
                            .filter(split -> isRead(split, layout))
                            .toList(),
                    layout,
                    Epilogue.NONE,
                    ScalarType.BF16);
        }
    }

    @Test
    void everyEpilogueAndOutputIsExact() {
        List<ChannelSplit> splits = List.of(GemmCases.split(FormatMixes.MICROMIX_W4, 64));
        List<ChannelSplit> mixed = List.of(GemmCases.split(FormatMixes.MICROMIX_MATCHED, 64));
        for (ScalarType output : ScalarType.values()) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
                assertExact(splits, OperandLayout.FRAGMENTS, epilogue, output);
                assertExact(mixed, OperandLayout.MIXED_FRAGMENTS, epilogue, output);
            }
        }
    }

    /** The exponential of SiLU is not exact; all else is. */
    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "BF16", "FRAGMENTS", "MIXED", "MIXED_FRAGMENTS"})
    void gatesAndTheirFactorsMakeOneOutput(OperandLayout layout) {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_MATCHED, 128);
        KernelProblem problem = problem(split, layout, Epilogue.SWIGLU, ScalarType.BF16);
        List<KernelVariant> variants = variants(problem);
        for (int[] size : new int[][] {{1, 16}, {300, 144}}) {
            ExactOperands operands = ExactOperands.sparse(split, size[0], size[1], 7);
            ReferenceGemm reference =
                    ReferenceGemm.of(operands.activation(), operands.weight(), Epilogue.SWIGLU, new float[0]);
            try (GpuProduct gemm =
                    GpuProduct.mixed(gpu, problem, operands.activation(), operands.weight(), new float[0])) {
                for (KernelVariant variant : variants) {
                    assertThat(ErrorBound.nearest(ScalarType.BF16)
                                    .violation(gemm.run(kernels.kernel(variant)), reference))
                            .as("%s, M=%d N=%d", variant.text(), size[0], size[1])
                            .isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTAINERS", "BF16", "FRAGMENTS", "MIXED", "MIXED_FRAGMENTS"})
    void allConfigurationsAgreeBitForBitOnManyTiles(OperandLayout layout) {
        List<FormatPair> pairs = FormatMixes.MICROMIX_MATCHED;
        ChannelSplit split = new ChannelSplit(
                List.of(
                        new Partition(pairs.get(0), 1536),
                        new Partition(pairs.get(1), 384),
                        new Partition(pairs.get(2), 640)),
                128);
        int m = 300;
        int n = 536;
        ExactOperands operands = ExactOperands.sparse(split, m, n, 5);
        KernelProblem problem = problem(split, layout, Epilogue.NONE, ScalarType.BF16);
        float[] expected =
                ReferenceGemm.of(operands.activation(), operands.weight()).result(ScalarType.BF16);
        try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, operands.activation(), operands.weight(), new float[0])) {
            for (KernelVariant variant : variants(problem)) {
                assertThat(ExactOperands.difference(gemm.run(kernels.kernel(variant)), expected, n))
                        .as(variant.text())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 14336})
    void randomOperandsStayWithinTheBoundOfTheirInterval(int channels) {
        int m = 40;
        int n = 72;
        for (String pair : new String[] {"e2m1xe2m1", "e3m2xe3m2", "e2m3xe2m3"}) {
            ChannelSplit split = ChannelSplit.uniform(FormatPair.parse(pair), channels);
            PackedMatrix a = GemmCases.level(split, Side.ACTIVATION, m, 5);
            PackedMatrix b = GemmCases.level(split, Side.WEIGHT, n, 6);
            ReferenceGemm reference = ReferenceGemm.of(a, b);
            float[] expected = reference.result(ScalarType.FP32);
            for (OperandLayout layout :
                    List.of(OperandLayout.CONTAINERS, OperandLayout.FRAGMENTS, OperandLayout.BF16)) {
                KernelProblem problem = problem(split, layout, Epilogue.NONE, ScalarType.FP32);
                try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, a, b, new float[0])) {
                    for (KernelVariant variant : variants(problem)) {
                        int promote = ((WgmmaTiling) variant.tiling()).promotion();
                        float[] result = gemm.run(kernels.kernel(variant));
                        assertThat(Numbers.relativeError(result, expected))
                                .as(variant.text())
                                .isLessThan(
                                        layout == OperandLayout.BF16
                                                ? 3e-5
                                                : promote == 0 ? 4e-3 : promote == 256 ? 4e-4 : 3e-4);
                        if (promote > 0) {
                            assertThat(ErrorBound.fp8TensorCore(promote, channels, ScalarType.FP32)
                                            .violation(result, reference))
                                    .as(variant.text())
                                    .isEmpty();
                        }
                    }
                }
            }
        }
    }

    @Test
    void aNanScalePoisonsItsRowAndNoOther() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_W4, 32);
        ExactOperands operands = ExactOperands.sparse(split, 5, 40, 9);
        operands.activation().partitions().get(1).scales()[2] = (byte) 0xff;
        int poisoned = 2 / (operands.activation().partitions().get(1).channels() / GroupLayout.GROUP);
        KernelProblem problem = problem(split, OperandLayout.FRAGMENTS, Epilogue.NONE, ScalarType.FP32);
        try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, operands.activation(), operands.weight(), new float[0])) {
            float[] result = gemm.run(kernels.kernel(problem.usual(Target.SM_90A)));
            for (int i = 0; i < result.length; i++) {
                assertThat(Float.isNaN(result[i])).as("element %d", i).isEqualTo(i / 40 == poisoned);
            }
        }
    }

    /** All that read the operands as they lie, but streams and rings, which have tests of their own; compiled at once, which takes longest. */
    private List<KernelVariant> variants(KernelProblem problem) {
        List<KernelVariant> variants = problem.within(KernelProblem.Scope.DIRECT).variants(Target.SM_90A).stream()
                .filter(variant -> variant.tiling() instanceof WgmmaTiling)
                .toList();
        kernels.compileAll(variants);
        return variants;
    }

    private void assertExact(List<ChannelSplit> splits, OperandLayout layout, Epilogue epilogue, ScalarType output) {
        kernels.compileAll(splits.stream()
                .map(split -> problem(split, layout, epilogue, output).usual(Target.SM_90A))
                .toList());
        for (int s = 0; s < splits.size(); s++) {
            KernelProblem problem = problem(splits.get(s), layout, epilogue, output);
            for (int i = 0; i < ROWS.length; i++) {
                ExactOperands operands = ExactOperands.sparse(splits.get(s), ROWS[i], COLUMNS[i], 100L * s + i);
                float[] epilogueOperand =
                        switch (epilogue) {
                            case BIAS -> operands.bias();
                            case RESIDUAL, SILU_MUL -> operands.residual();
                            case NONE, SWIGLU -> new float[0];
                        };
                float[] expected = ReferenceGemm.of(operands.activation(), operands.weight(), epilogue, epilogueOperand)
                        .result(output);
                try (GpuProduct gemm =
                        GpuProduct.mixed(gpu, problem, operands.activation(), operands.weight(), epilogueOperand)) {
                    float[] result = gemm.run(kernels.kernel(problem.usual(Target.SM_90A)));
                    assertThat(ExactOperands.difference(result, expected, COLUMNS[i]))
                            .as("%s, M=%d N=%d", problem, ROWS[i], COLUMNS[i])
                            .isEmpty();
                }
            }
        }
    }

    private static boolean isRead(ChannelSplit split, OperandLayout layout) {
        KernelProblem problem = problem(split, layout, Epilogue.NONE, ScalarType.BF16);
        return KernelProblem.layouts(problem.spec(), Target.SM_90A, KernelProblem.Scope.DIRECT)
                .contains(layout);
    }

    /** Allowed to round where folding could; the operands of these tests fold exactly. */
    private static KernelProblem problem(
            ChannelSplit split, OperandLayout layout, Epilogue epilogue, ScalarType output) {
        boolean exact =
                split.pairs().stream().allMatch(pair -> pair.hasRoomForScales() || layout.widens(pair.activation()));
        return new KernelProblem(
                MxGemmSpec.exact(split.pairs(), epilogue, output).with(exact ? Tolerance.EXACT : Tolerance.WITHIN_4),
                layout);
    }
}
