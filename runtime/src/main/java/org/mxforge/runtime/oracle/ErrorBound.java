package org.mxforge.runtime.oracle;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;

/**
 * How far a computed GEMM may lie from the reference: for every element, |c - ref| is at most gamma_K * sum of |a||b| plus one
 * rounding to the output type, with gamma_K = K*u / (1 - K*u) (Higham, Accuracy and Stability of Numerical Algorithms,
 * section 3.1), which holds for any order of summation.
 *
 * @param unit u, the relative error of one accumulation step
 * @param output type that the result was rounded to
 */
public record ErrorBound(double unit, ScalarType output) {
    /** FP32 additions rounded to nearest. */
    public static final double NEAREST = 0x1p-24;

    /**
     * Tensor cores: addends are aligned to the largest and truncated, at most once each per step of 16, so that
     * {@code 17/16 * 2^-23} a channel bounds the loss; rounded up to a power of two.
     */
    public static final double TENSOR_CORE = 0x1p-22;

    /**
     * Width of the sums inside FP8 wgmma on sm_90: every product and the sum so far are cut to 13 fractional bits of the largest
     * of them (measured; MMA-Sim, arXiv 2511.10909, models the same).
     */
    private static final double FP8_CUT = 0x1p-13;

    /** Products that one FP8 instruction adds. */
    private static final int FP8_STEP = 32;

    /** The bound for {@code output} when the accumulation rounds to nearest. */
    public static ErrorBound nearest(ScalarType output) {
        return new ErrorBound(NEAREST, output);
    }

    /** The bound for {@code output} when tensor cores accumulate. */
    public static ErrorBound tensorCore(ScalarType output) {
        return new ErrorBound(TENSOR_CORE, output);
    }

    /**
     * The bound for {@code output} when FP8 tensor cores sum {@code interval} channels before FP32 does: each instruction cuts its
     * 32 products and the sum so far once each, so that an interval loses at most {@code interval * 33/32 * 2^-13} of its sum of
     * |a||b|, to which FP32 adds its own.
     *
     * @param interval channels, few enough for the bound to say anything: at most 1024
     */
    public static ErrorBound fp8TensorCore(int interval, int channels, ScalarType output) {
        if (interval < FP8_STEP || interval > 1024) {
            throw new IllegalArgumentException("sums over " + interval + " channels have no useful bound");
        }
        double lost = (double) interval * (FP8_STEP + 1) / FP8_STEP * FP8_CUT;
        return new ErrorBound(NEAREST + lost / channels, output);
    }

    /**
     * Checks a whole result.
     *
     * @param result {@code [M][N]}
     * @return the first element outside the bound, in words; empty if there is none
     */
    public Optional<String> violation(float[] result, ReferenceGemm reference) {
        if (result.length != (long) reference.rows() * reference.columns()) {
            return Optional.of("the result has " + result.length + " elements, not " + reference.rows() + "x"
                    + reference.columns());
        }
        for (int m = 0; m < reference.rows(); m++) {
            for (int n = 0; n < reference.columns(); n++) {
                Optional<String> violation = violation(result[m * reference.columns() + n], reference, m, n);
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        return Optional.empty();
    }

    /** Checks the one element {@code c} at row {@code m} and column {@code n}; empty if it lies within the bound. */
    public Optional<String> violation(float c, ReferenceGemm reference, int m, int n) {
        ReferenceGemm.Element element = reference.element(m, n);
        double allowed = allowed(element, reference.channels());
        return fits(c, element.value(), allowed)
                ? Optional.empty()
                : Optional.of("element (" + m + ", " + n + ") is " + c + ", but must lie within " + allowed + " of "
                        + element.value());
    }

    /** How far element ({@code m}, {@code n}) may lie from the reference. */
    public double allowed(ReferenceGemm reference, int m, int n) {
        return allowed(reference.element(m, n), reference.channels());
    }

    private boolean fits(float c, double value, double allowed) {
        if (Double.isNaN(value)) {
            return Float.isNaN(c);
        }
        if (Double.isInfinite(value)) {
            return c == value;
        }
        boolean mayOverflow = Math.abs(value) + allowed > OutputRounding.largest(output);
        return Math.abs(c - value) <= allowed || mayOverflow && c == Math.copySign(Float.POSITIVE_INFINITY, value);
    }

    private double allowed(ReferenceGemm.Element element, int channels) {
        double gamma = channels * unit / (1 - channels * unit);
        double accumulated = gamma * element.magnitude() + NEAREST * element.epilogueMagnitude();
        // The rounding acts on the computed value, which may be larger than the reference by what came before.
        double rounded = OutputRounding.unit(output) * (Math.abs(element.value()) + accumulated);
        return accumulated
                + rounded
                + OutputRounding.halfSmallest(output)
                + channels * OutputRounding.halfSmallest(ScalarType.FP32);
    }
}
