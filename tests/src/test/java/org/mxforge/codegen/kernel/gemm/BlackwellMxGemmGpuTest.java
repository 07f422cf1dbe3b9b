package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
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

/**
 * GEMMs on the block-scaled tensor cores of sm_120a: bit for bit on exact operands, within the bound on random ones. What the simulator takes
 * their instructions to do is tried on one here for the first time.
 */
@Tag("gpu")
class BlackwellMxGemmGpuTest {
    private static final int[] ROWS = {1, 7, 64, 200};
    private static final int[] COLUMNS = {77, 136, 258, 130};
    private static final String SKIPPED =
            "GPU TESTS ARE SKIPPED, nothing about sm_120a was verified: its tensor cores need a GPU of compute"
                    + " capability 12.0";

    private CudaContext gpu;
    private KernelStore kernels;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
        kernels = GpuTest.kernels();
        boolean there = gpu.device().target() == Target.SM_120A;
        if (!there) {
            System.err.println(SKIPPED);
        }
        assumeTrue(there, SKIPPED);
    }

    @Test
    void allPairsAreExactForEveryRowCount() {
        for (FormatPair pair : FormatPair.all()) {
            assertExact(ChannelSplit.uniform(pair, 160), Epilogue.NONE, ScalarType.BF16);
        }
    }

    @Test
    void mixedSplitsOfEveryGranularityAreExact() {
        for (int granularity : new int[] {32, 64, 128}) {
            for (List<FormatPair> pairs : FormatMixes.mixed()) {
                assertExact(GemmCases.split(pairs, granularity), Epilogue.NONE, ScalarType.BF16);
            }
        }
    }

    @Test
    void everyEpilogueAndOutputIsExact() {
        for (ScalarType output : ScalarType.values()) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
                assertExact(GemmCases.split(FormatMixes.MICROMIX_W4, 64), epilogue, output);
            }
        }
    }

    @Test
    void allLegalConfigurationsAgreeBitForBit() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_MATCHED, 64);
        MxGemmSpec spec = MxGemmSpec.exact(split.pairs(), Epilogue.NONE, ScalarType.BF16);
        List<KernelVariant> variants = Variants.all(spec, MxGemmKind.MMA_SCALED, Target.SM_120A);
        kernels.compileAll(variants);
        for (KernelVariant variant : variants) {
            assertExact(variant, split);
        }
    }

    @Test
    void randomOperandsStayWithinTheBound() {
        for (List<FormatPair> pairs : FormatMixes.mixed()) {
            ChannelSplit split = GemmCases.split(pairs, 128);
            ExactOperands operands = MxGemmRun.operands(
                    GemmCases.uneven(split, Side.ACTIVATION, 48, 5), GemmCases.uneven(split, Side.WEIGHT, 80, 6));
            ReferenceGemm reference = ReferenceGemm.of(operands.activation(), operands.weight());
            KernelVariant variant = variant(split, Epilogue.NONE, ScalarType.BF16);
            assertThat(ErrorBound.tensorCore(ScalarType.BF16)
                            .violation(run(variant, operands, new float[0]), reference))
                    .as(variant.text())
                    .isEmpty();
        }
    }

    @Test
    void aNanScalePoisonsItsRowAndNoOther() {
        ChannelSplit split = GemmCases.split(FormatMixes.MICROMIX_W4, 32);
        ExactOperands operands = ExactOperands.generate(split, 5, 40, 9);
        operands.activation().partitions().get(1).scales()[2] = (byte) 0xff;
        int poisoned = 2 / (operands.activation().partitions().get(1).channels() / GroupLayout.GROUP);
        float[] result = run(variant(split, Epilogue.NONE, ScalarType.FP32), operands, new float[0]);
        for (int i = 0; i < result.length; i++) {
            assertThat(Float.isNaN(result[i])).as("element %d", i).isEqualTo(i / 40 == poisoned);
        }
    }

    /** A scale byte of zero is 2^-127, and the product of two is below what FP32 has. */
    @Test
    void theLeastScalesLeaveNothing() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e4m3xe2m1"), 64);
        ExactOperands operands = ExactOperands.generate(split, 5, 40, 9);
        Arrays.fill(operands.activation().partitions().get(0).scales(), (byte) 0);
        Arrays.fill(operands.weight().partitions().get(0).scales(), (byte) 0);
        assertThat(run(variant(split, Epilogue.NONE, ScalarType.FP32), operands, new float[0]))
                .containsOnly(0f);
    }

    private void assertExact(ChannelSplit split, Epilogue epilogue, ScalarType output) {
        assertExact(variant(split, epilogue, output), split);
    }

    private void assertExact(KernelVariant variant, ChannelSplit split) {
        MxGemmSpec spec = (MxGemmSpec) variant.spec();
        for (int i = 0; i < ROWS.length; i++) {
            ExactOperands operands = ExactOperands.generate(split, ROWS[i], COLUMNS[i], i);
            float[] operand =
                    switch (spec.epilogue()) {
                        case BIAS -> operands.bias();
                        case RESIDUAL, SILU_MUL -> operands.residual();
                        case NONE, SWIGLU -> new float[0];
                    };
            float[] expected = ReferenceGemm.of(operands.activation(), operands.weight(), spec.epilogue(), operand)
                    .result(spec.output());
            assertThat(ExactOperands.difference(run(variant, operands, operand), expected, COLUMNS[i]))
                    .as("%s, M=%d N=%d", variant.text(), ROWS[i], COLUMNS[i])
                    .isEmpty();
        }
    }

    private float[] run(KernelVariant variant, ExactOperands operands, float[] operand) {
        try (MxGemmRun run = new MxGemmRun(gpu, kernels)) {
            return run.run(variant, operands, operand);
        }
    }

    private static KernelVariant variant(ChannelSplit split, Epilogue epilogue, ScalarType output) {
        return KernelVariant.of(
                MxGemmSpec.exact(split.pairs(), epilogue, output), MxGemmKind.MMA_SCALED, Target.SM_120A);
    }
}
