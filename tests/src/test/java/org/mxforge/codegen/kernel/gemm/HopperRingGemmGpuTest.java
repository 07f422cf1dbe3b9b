package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.tune.device.GpuProduct;
import org.mxforge.tests.gpu.GpuTest;

/** GEMMs whose weights come in rings: exact on operands that the tensor cores' narrow sums hold. */
@Tag("gpu")
class HopperRingGemmGpuTest {
    private static final int[] ROWS = {17, 31, 16, 33, 64};
    private static final int[] COLUMNS = {258, 77, 4500, 136, 8600};

    /** Each size of tile, cluster and block once. */
    private static final List<String> CONFIGURATIONS = List.of(
            "bm=16,teams=2,ways=2,parts=2,stages=4",
            "bm=32,teams=1,ways=4,parts=2,stages=8",
            "bm=64,teams=2,ways=1,parts=8,stages=4",
            "bm=32,teams=4,ways=1,parts=4,stages=2",
            "bm=16,teams=2,ways=1,parts=1,stages=4");

    private CudaContext gpu;
    private KernelStore kernels;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        kernels = GpuTest.kernels();
        assumeTrue(gpu.device().target() == Target.SM_90A, "wgmma needs a GPU of compute capability 9.0");
    }

    @Test
    void everyKindOfWeightsIsExactForEveryRowCount() {
        for (String pair : List.of("e2m1xe2m1", "e3m2xe3m2", "e4m3xe2m1", "e2m3xe2m3")) {
            ChannelSplit split = ChannelSplit.uniform(FormatPair.parse(pair), 416);
            assertExact(split, MxGemmKind.RING_FRAGMENTS, Epilogue.NONE, ScalarType.FP32);
            assertExact(split, MxGemmKind.RING_CONTAINERS, Epilogue.NONE, ScalarType.BF16);
        }
    }

    @Test
    void aMixedSplitIsExactWithEveryEpilogue() {
        int[] channels = {1056, 96, 160};
        ChannelSplit split = new ChannelSplit(
                IntStream.range(0, channels.length)
                        .mapToObj(i -> new Partition(FormatMixes.MICROMIX_MATCHED.get(i), channels[i]))
                        .toList(),
                GroupLayout.GROUP);
        for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
            assertExact(split, MxGemmKind.RING_FRAGMENTS, epilogue, ScalarType.FP32);
            assertExact(split, MxGemmKind.RING_MIXED_FRAGMENTS, epilogue, ScalarType.BF16);
        }
    }

    /** The exponential of SiLU is not exact; all else is. */
    @Test
    void gatesAndTheirFactorsMakeOneOutput() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 672);
        List<KernelVariant> variants = variants(split, MxGemmKind.RING_FRAGMENTS, Epilogue.SWIGLU, ScalarType.BF16)
                .toList();
        for (int tokens : new int[] {17, 64}) {
            ExactOperands operands = ExactOperands.sparse(split, tokens, 1040, 7);
            ReferenceGemm reference =
                    ReferenceGemm.of(operands.activation(), operands.weight(), Epilogue.SWIGLU, new float[0]);
            for (KernelVariant variant : variants) {
                try (GpuProduct gemm = GpuProduct.mixed(
                        gpu, KernelProblem.of(variant), operands.activation(), operands.weight(), new float[0])) {
                    assertThat(ErrorBound.nearest(ScalarType.BF16)
                                    .violation(gemm.run(kernels.kernel(variant)), reference))
                            .as("%s, M=%d", variant.text(), tokens)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void randomOperandsStayWithinTheBoundOfTheirIntervalAndRepeat() {
        for (int channels : new int[] {4096, 14336}) {
            ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), channels);
            PackedMatrix a = GemmCases.level(split, Side.ACTIVATION, 24, 5);
            PackedMatrix b = GemmCases.level(split, Side.WEIGHT, 136, 6);
            ReferenceGemm reference = ReferenceGemm.of(a, b);
            KernelProblem problem = new KernelProblem(
                    spec(split, MxGemmKind.RING_FRAGMENTS, Epilogue.NONE, ScalarType.FP32), OperandLayout.FRAGMENTS);
            try (GpuProduct gemm = GpuProduct.mixed(gpu, problem, a, b, new float[0])) {
                variants(split, MxGemmKind.RING_FRAGMENTS, Epilogue.NONE, ScalarType.FP32)
                        .filter(variant -> variant.algorithm()
                                .permits(
                                        variant.spec(),
                                        variant.configuration(),
                                        new GemmShape(24, 136, List.of(channels))))
                        .forEach(variant -> {
                            float[] result = gemm.run(kernels.kernel(variant));
                            assertThat(ErrorBound.fp8TensorCore(128, channels, ScalarType.FP32)
                                            .violation(result, reference))
                                    .as(variant.text())
                                    .isEmpty();
                            assertThat(ExactOperands.difference(gemm.run(kernels.kernel(variant)), result, 136))
                                    .as("repeated: " + variant.text())
                                    .isEmpty();
                        });
            }
        }
    }

    private void assertExact(
            ChannelSplit split, Algorithm<MxGemmSpec> algorithm, Epilogue epilogue, ScalarType output) {
        List<KernelVariant> variants =
                variants(split, algorithm, epilogue, output).toList();
        kernels.compileAll(variants);
        for (int i = 0; i < ROWS.length; i++) {
            ExactOperands operands = ExactOperands.sparse(split, ROWS[i], COLUMNS[i], i);
            float[] operand =
                    switch (epilogue) {
                        case BIAS -> operands.bias();
                        case RESIDUAL, SILU_MUL -> operands.residual();
                        case NONE, SWIGLU -> new float[0];
                    };
            float[] expected = ReferenceGemm.of(operands.activation(), operands.weight(), epilogue, operand)
                    .result(output);
            for (KernelVariant variant : variants) {
                try (GpuProduct gemm = GpuProduct.mixed(
                        gpu, KernelProblem.of(variant), operands.activation(), operands.weight(), operand)) {
                    assertThat(ExactOperands.difference(gemm.run(kernels.kernel(variant)), expected, COLUMNS[i]))
                            .as("%s, M=%d N=%d", variant.text(), ROWS[i], COLUMNS[i])
                            .isEmpty();
                }
            }
        }
    }

    private static Stream<KernelVariant> variants(
            ChannelSplit split, Algorithm<MxGemmSpec> algorithm, Epilogue epilogue, ScalarType output) {
        MxGemmSpec spec = spec(split, algorithm, epilogue, output);
        return CONFIGURATIONS.stream()
                .map(text -> KernelVariant.of(spec, algorithm, Target.SM_90A, Configuration.parse(text)));
    }

    /** Allowed to round where folding could; the operands of these tests fold exactly. */
    private static MxGemmSpec spec(
            ChannelSplit split, Algorithm<MxGemmSpec> algorithm, Epilogue epilogue, ScalarType output) {
        MxGemmSpec exact = MxGemmSpec.exact(split.pairs(), epilogue, output);
        return algorithm.refusal(exact, Target.SM_90A).isEmpty() ? exact : exact.with(Tolerance.WITHIN_4);
    }
}
