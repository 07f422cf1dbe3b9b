package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.tune.device.GpuProduct;
import org.mxforge.tests.gpu.GpuTest;

/** Plain GEMMs on integers, whose sums are exact in FP32, give the oracle's bits whatever their tile. */
@Tag("gpu")
class DenseGemmGpuTest {
    private static final int LARGEST = 15;

    @ParameterizedTest
    @EnumSource
    void everyEpilogueAndOutput(Epilogue epilogue) {
        for (ScalarType output : ScalarType.values()) {
            KernelVariant variant = KernelVariant.of(new DenseGemmSpec(epilogue, output), target());
            assertRight(variant, 70, 130, 200);
            assertRight(variant, 1, 77, 8);
            assertRight(variant, 200, 31, 520);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEpilogueAndOutputOfTiles(Epilogue epilogue) {
        Assumptions.assumeTrue(target() == Target.SM_90A, "wgmma is for sm_90a");
        for (ScalarType output : ScalarType.values()) {
            DenseGemmSpec spec = new DenseGemmSpec(epilogue, output);
            if (DenseGemmKind.WGMMA.refusal(spec, Target.SM_90A).isPresent()) {
                continue;
            }
            for (KernelVariant variant : Variants.all(spec, DenseGemmKind.WGMMA, Target.SM_90A)) {
                assertRight(variant, 70, 130, 200);
                assertRight(variant, 1, 77, 8);
                assertRight(variant, 300, 280, 584);
            }
        }
    }

    @Test
    void everyVariant() {
        DenseGemmSpec spec = new DenseGemmSpec(Epilogue.RESIDUAL, ScalarType.BF16);
        List<KernelVariant> variants = Variants.all(spec, DenseGemmKind.MMA, target());
        GpuTest.kernels().compileAll(variants);
        variants.forEach(variant -> assertRight(variant, 150, 200, 328));
    }

    private static Target target() {
        return GpuTest.context().device().target();
    }

    private static void assertRight(KernelVariant variant, int m, int columns, int k) {
        DenseGemmSpec spec = (DenseGemmSpec) variant.spec();
        int n = GemmCases.rows(spec.epilogue(), columns);
        SplittableRandom random = new SplittableRandom(k);
        float[] a = integers(random, m * k);
        float[] b = integers(random, n * k);
        float[] epilogueOperand =
                switch (spec.epilogue()) {
                    case NONE, SWIGLU -> new float[0];
                    case BIAS -> integers(random, n);
                    case RESIDUAL, SILU_MUL -> integers(random, m * n);
                };
        ReferenceGemm reference = ReferenceGemm.dense(a, b, m, n, k, spec.epilogue(), epilogueOperand);
        GemmShape shape = new GemmShape(m, n, List.of(k));
        try (GpuProduct gemm = GpuProduct.plain(
                GpuTest.context(), KernelProblem.of(variant), bf16(a), bf16(b), shape, epilogueOperand)) {
            float[] result = gemm.run(GpuTest.kernels().kernel(variant));
            String what = variant.text() + " at " + m + "x" + n + "x" + k;
            if (spec.epilogue().hasSilu()) {
                // Its exponential is not exact.
                assertThat(ErrorBound.tensorCore(spec.output()).violation(result, reference))
                        .as(what)
                        .isEmpty();
            } else {
                assertThat(result).as(what).isEqualTo(reference.result(spec.output()));
            }
        }
    }

    private static float[] integers(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(-LARGEST, LARGEST + 1);
        }
        return values;
    }

    private static short[] bf16(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        return bits;
    }
}
