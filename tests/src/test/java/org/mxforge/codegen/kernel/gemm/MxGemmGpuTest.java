package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.tests.gpu.GpuTest;

/** Generated GEMMs on the GPU: bit for bit on exact operands, within the bound on random ones. */
@Tag("gpu")
class MxGemmGpuTest {
    private static final int[] ROWS = {1, 7, 64, 200};
    private static final int[] COLUMNS = {77, 136, 258, 130};

    private CudaContext gpu;
    private KernelStore kernels;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        kernels = GpuTest.kernels();
    }

    @Test
    void allPairsAreExactForEveryRowCount() {
        List<ChannelSplit> splits = FormatPair.all().stream()
                .map(pair -> ChannelSplit.uniform(pair, 160))
                .toList();
        assertExact(splits, MxGemmKind.MMA, Epilogue.NONE, ScalarType.BF16);
        assertExact(splits, MxGemmKind.MMA_ROWS, Epilogue.NONE, ScalarType.FP32);
    }

    @Test
    void mixedSplitsOfEveryGranularityAreExact() {
        assertThat(FormatMixes.mixed()).hasSizeGreaterThanOrEqualTo(10);
        for (int granularity : new int[] {32, 64, 128}) {
            List<ChannelSplit> splits = FormatMixes.mixed().stream()
                    .map(pairs -> GemmCases.split(pairs, granularity))
                    .toList();
            assertExact(splits, MxGemmKind.MMA, Epilogue.NONE, ScalarType.BF16);
        }
    }

    @Test
    void everyEpilogueAndOutputIsExact() {
        List<ChannelSplit> splits = List.of(GemmCases.split(FormatMixes.MICROMIX_W4, 64));
        for (ScalarType output : ScalarType.values()) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
                assertExact(splits, MxGemmKind.MMA, epilogue, output);
            }
        }
    }

    /** The exponential of SiLU is not exact; all else is. */
    @Test
    void gatesAndTheirFactorsMakeOneOutput() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_W4, 64);
        ExactOperands operands = ExactOperands.generate(split, 70, 272, 7);
        ReferenceGemm reference =
                ReferenceGemm.of(operands.activation(), operands.weight(), Epilogue.SWIGLU, new float[0]);
        for (ScalarType output : ScalarType.values()) {
            KernelVariant variant = KernelVariant.of(
                    MxGemmSpec.exact(split.pairs(), Epilogue.SWIGLU, output),
                    MxGemmKind.MMA,
                    gpu.device().target());
            try (MxGemmRun run = new MxGemmRun(gpu, kernels)) {
                assertThat(ErrorBound.nearest(output).violation(run.run(variant, operands, new float[0]), reference))
                        .as(variant.text())
                        .isEmpty();
            }
        }
    }

    @Test
    void allLegalConfigurationsAgreeBitForBit() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_MATCHED, 64);
        MxGemmSpec spec = MxGemmSpec.exact(split.pairs(), Epilogue.NONE, ScalarType.BF16);
        Target target = gpu.device().target();
        List<KernelVariant> variants = Variants.all(spec, MxGemmKind.MMA, target);
        kernels.compileAll(variants);
        for (int i = 0; i < ROWS.length; i++) {
            ExactOperands operands = ExactOperands.generate(split, ROWS[i], COLUMNS[i], 31 + i);
            float[] expected =
                    ReferenceGemm.of(operands.activation(), operands.weight()).result(ScalarType.BF16);
            for (KernelVariant variant : variants) {
                assertThat(difference(variant, operands, new float[0], expected, COLUMNS[i]))
                        .as(variant.text())
                        .isEmpty();
            }
        }
    }

    @Test
    void randomOperandsStayWithinTheBound() {
        int rows = 48;
        int columns = 80;
        for (List<FormatPair> pairs : FormatMixes.mixed()) {
            ChannelSplit split = GemmCases.split(pairs, 128);
            ExactOperands operands = MxGemmRun.operands(
                    GemmCases.uneven(split, Side.ACTIVATION, rows, 5),
                    GemmCases.uneven(split, Side.WEIGHT, columns, 6));
            ReferenceGemm reference = ReferenceGemm.of(operands.activation(), operands.weight());
            KernelVariant variant = KernelVariant.of(
                    MxGemmSpec.exact(pairs, Epilogue.NONE, ScalarType.BF16),
                    MxGemmKind.MMA,
                    gpu.device().target());
            try (MxGemmRun run = new MxGemmRun(gpu, kernels)) {
                assertThat(ErrorBound.tensorCore(ScalarType.BF16)
                                .violation(run.run(variant, operands, new float[0]), reference))
                        .as(variant.text())
                        .isEmpty();
            }
        }
    }

    @Test
    void aNanScalePoisonsItsRowAndNoOther() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_W4, 32);
        ExactOperands operands = ExactOperands.generate(split, 5, 40, 9);
        operands.activation().partitions().get(1).scales()[2] = (byte) 0xff;
        int poisoned = 2 / (operands.activation().partitions().get(1).channels() / GroupLayout.GROUP);
        KernelVariant variant = KernelVariant.of(
                MxGemmSpec.exact(split.pairs(), Epilogue.NONE, ScalarType.FP32),
                MxGemmKind.MMA,
                gpu.device().target());
        try (MxGemmRun run = new MxGemmRun(gpu, kernels)) {
            float[] result = run.run(variant, operands, new float[0]);
            for (int i = 0; i < result.length; i++) {
                assertThat(Float.isNaN(result[i])).as("element %d", i).isEqualTo(i / 40 == poisoned);
            }
        }
    }

    private void assertExact(
            List<ChannelSplit> splits, Algorithm<MxGemmSpec> algorithm, Epilogue epilogue, ScalarType output) {
        Target target = gpu.device().target();
        List<KernelVariant> variants = new ArrayList<>();
        for (ChannelSplit split : splits) {
            variants.add(KernelVariant.of(MxGemmSpec.exact(split.pairs(), epilogue, output), algorithm, target));
        }
        kernels.compileAll(variants);
        for (int s = 0; s < splits.size(); s++) {
            for (int i = 0; i < ROWS.length; i++) {
                ExactOperands operands = ExactOperands.generate(splits.get(s), ROWS[i], COLUMNS[i], 100L * s + i);
                float[] epilogueOperand =
                        switch (epilogue) {
                            case BIAS -> operands.bias();
                            case RESIDUAL, SILU_MUL -> operands.residual();
                            case NONE, SWIGLU -> new float[0];
                        };
                float[] expected = ReferenceGemm.of(operands.activation(), operands.weight(), epilogue, epilogueOperand)
                        .result(output);
                assertThat(difference(variants.get(s), operands, epilogueOperand, expected, COLUMNS[i]))
                        .as("%s, M=%d N=%d", variants.get(s).text(), ROWS[i], COLUMNS[i])
                        .isEmpty();
            }
        }
    }

    private String difference(
            KernelVariant variant, ExactOperands operands, float[] epilogueOperand, float[] expected, int columns) {
        try (MxGemmRun run = new MxGemmRun(gpu, kernels)) {
            return ExactOperands.difference(run.run(variant, operands, epilogueOperand), expected, columns)
                    .orElse("");
        }
    }
}
