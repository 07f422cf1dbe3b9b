package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;

/** The bound holds for FP32 as it is, notices an error not much larger, and reports it in words. */
class ErrorBoundTest {
    private static final int K = 300;

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static ReferenceGemm reference(float[] a, float[] b, Epilogue epilogue, float... epilogueOperand) {
        return ReferenceGemm.dense(a, b, 1, 1, a.length, epilogue, epilogueOperand);
    }

    @Property(tries = 300)
    void sumsInBinary32StayWithinTheBound(@ForAll long seed, @ForAll ScalarType output, @ForAll Epilogue epilogue) {
        Random random = new Random(seed);
        float[] a = gaussian(random, K);
        float[] b = gaussian(random, K * epilogue.rowMultiple());
        float[] epilogueOperand = epilogue.operand() == Epilogue.Operand.NONE ? new float[0] : gaussian(random, 1);
        float sum = 0;
        float up = 0;
        for (int k = 0; k < K; k++) {
            sum += a[k] * b[k];
            up += a[k] * b[(b.length / 2 + k) % b.length];
        }
        float value =
                switch (epilogue) {
                    case NONE -> sum;
                    case BIAS, RESIDUAL -> sum + epilogueOperand[0];
                    case SILU_MUL -> sum / (1 + (float) Math.exp(-sum)) * epilogueOperand[0];
                    case SWIGLU -> sum / (1 + (float) Math.exp(-sum)) * up;
                };
        ReferenceGemm reference = ReferenceGemm.dense(a, b, 1, b.length / K, K, epilogue, epilogueOperand);
        float result = OutputRounding.round(value, output);
        assertThat(ErrorBound.nearest(output).violation(result, reference, 0, 0))
                .isEmpty();
    }

    @Property(tries = 300)
    void truncatingSumsStayWithinTheBoundOfTensorCores(@ForAll long seed) {
        Random random = new Random(seed);
        float[] a = gaussian(random, K);
        float[] b = gaussian(random, K);
        float sum = 0;
        for (int k = 0; k < K; k++) {
            double exact = (double) sum + (double) a[k] * b[k];
            float rounded = (float) exact;
            sum = Math.abs(rounded) > Math.abs(exact)
                    ? Math.nextDown(Math.abs(rounded)) * Math.signum(rounded)
                    : rounded;
        }
        assertThat(ErrorBound.tensorCore(ScalarType.FP32).violation(new float[] {sum}, reference(a, b, Epilogue.NONE)))
                .isEmpty();
    }

    @Example
    void aWrongElementIsNamedWithItsPlaceAndTheLimit() {
        float[] a = {1, 1, 2, 2};
        float[] b = {1, 0, 0, 1};
        ReferenceGemm gemm = ReferenceGemm.dense(a, b, 2, 2, 2, Epilogue.NONE, new float[0]);
        ErrorBound bound = ErrorBound.nearest(ScalarType.BF16);
        assertThat(bound.violation(new float[] {1, 1, 2, 2}, gemm)).isEmpty();
        assertThat(bound.violation(new float[] {1, 1, 2.015625f, 2}, gemm).orElseThrow())
                .startsWith("element (1, 0) is 2.015625, but must lie within 0.0078")
                .endsWith(" of 2.0");
        assertThat(bound.violation(new float[] {1, Float.NaN, 2, 2}, gemm).orElseThrow())
                .startsWith("element (0, 1) is NaN");
        assertThat(bound.violation(new float[3], gemm)).hasValue("the result has 3 elements, not 2x2");
    }

    @Example
    void faultsMustComeThrough() {
        ErrorBound bound = ErrorBound.nearest(ScalarType.FP16);
        ReferenceGemm poisoned = reference(new float[] {Float.NaN}, new float[] {1}, Epilogue.NONE);
        assertThat(bound.violation(Float.NaN, poisoned, 0, 0)).isEmpty();
        assertThat(bound.violation(0f, poisoned, 0, 0)).isPresent();
        ReferenceGemm infinite = reference(new float[] {Float.NEGATIVE_INFINITY}, new float[] {1}, Epilogue.NONE);
        assertThat(bound.violation(Float.NEGATIVE_INFINITY, infinite, 0, 0)).isEmpty();
        assertThat(bound.violation(Float.POSITIVE_INFINITY, infinite, 0, 0)).isPresent();
        assertThat(bound.violation(-65504f, infinite, 0, 0)).isPresent();
        ReferenceGemm overflowing = reference(new float[] {512}, new float[] {512}, Epilogue.NONE);
        assertThat(bound.violation(Float.POSITIVE_INFINITY, overflowing, 0, 0)).isEmpty();
        ReferenceGemm large = reference(new float[] {256}, new float[] {128}, Epilogue.NONE);
        assertThat(bound.violation(Float.POSITIVE_INFINITY, large, 0, 0)).isPresent();
    }

    @Example
    void theBitwiseComparisonNamesTheFirstDifference() {
        assertThat(ExactOperands.difference(new float[] {1, Float.NaN}, new float[] {1, Float.NaN}, 2))
                .isEmpty();
        assertThat(ExactOperands.difference(new float[] {1, 2, 3, 4}, new float[] {1, 2, 3, 5}, 2))
                .hasValue("element (1, 1) is 4.0, but must be exactly 5.0");
        assertThat(ExactOperands.difference(new float[] {0}, new float[] {-0f}, 1))
                .isPresent();
        assertThat(ExactOperands.difference(new float[1], new float[2], 1))
                .hasValue("the result has 1 elements, not 2");
    }
}
