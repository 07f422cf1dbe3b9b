package org.mxforge.runtime.oracle;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * D[m, n] = epilogue(sum over k of A[m, k] * B[n, k]) in binary64, k ascending. Products of two decoded elements are exact, so
 * that on {@link ExactOperands} the sum is exact too and everywhere else its error is some 2^29 times below that of FP32.
 *
 * <p>Elements are computed when asked for, which lets a tuner check samples of a large product. Not for use by two threads.
 */
public final class ReferenceGemm {
    /** The steepest slope of silu, 1.0998, at 2.4: how much it can widen an error of its argument. */
    private static final double SILU_SLOPE = 1.1;

    /** FP32 roundings that silu(x) * up may take, exp to a few units in the last place included. */
    private static final double SILU_STEPS = 16;

    private final OperandRows a;
    private final OperandRows b;
    private final Epilogue epilogue;
    private final float[] epilogueOperand;

    private ReferenceGemm(OperandRows a, OperandRows b, Epilogue epilogue, float[] epilogueOperand) {
        if (a.channels() != b.channels()) {
            throw new IllegalArgumentException(
                    "the operands have " + a.channels() + " and " + b.channels() + " channels");
        }
        this.a = a;
        this.b = b;
        this.epilogue = epilogue;
        this.epilogueOperand = epilogueOperand;
        int wanted = epilogue.operand().count(a.rows(), b.rows());
        if (epilogueOperand.length != wanted) {
            throw new IllegalArgumentException(
                    "epilogue " + epilogue.text() + " needs " + wanted + " values, not " + epilogueOperand.length);
        }
    }

    /** The plain product of two packed operands. */
    public static ReferenceGemm of(PackedMatrix a, PackedMatrix b) {
        return of(a, b, Epilogue.NONE, new float[0]);
    }

    /**
     * The product of two packed operands.
     *
     * @param epilogueOperand bias {@code [N]}, residual or up {@code [M][N]}, or empty, as {@code epilogue} needs
     */
    public static ReferenceGemm of(PackedMatrix a, PackedMatrix b, Epilogue epilogue, float[] epilogueOperand) {
        return new ReferenceGemm(new PackedRows(a), new PackedRows(b), epilogue, epilogueOperand);
    }

    /**
     * The product of two plain operands.
     *
     * @param a {@code [m][k]}
     * @param b {@code [n][k]}
     * @param epilogueOperand as for packed operands
     */
    public static ReferenceGemm dense(
            float[] a, float[] b, int m, int n, int k, Epilogue epilogue, float[] epilogueOperand) {
        return new ReferenceGemm(new PlainRows(a, m, k), new PlainRows(b, n, k), epilogue, epilogueOperand);
    }

    public int rows() {
        return a.rows();
    }

    public int columns() {
        return b.rows();
    }

    /** The length of the sums. */
    public int channels() {
        return a.channels();
    }

    /** All of D, {@code [M][N]}, rounded once to {@code output}. */
    public float[] result(ScalarType output) {
        float[] result = new float[Math.multiplyExact(rows(), columns())];
        for (int m = 0; m < rows(); m++) {
            for (int n = 0; n < columns(); n++) {
                result[m * columns() + n] = OutputRounding.round(element(m, n).value(), output);
            }
        }
        return result;
    }

    /** One element of D before it is rounded. */
    public double value(int m, int n) {
        return element(m, n).value();
    }

    /** One element of D before it is rounded, and what its error bound needs. */
    Element element(int m, int n) {
        double[] left = a.row(m);
        double[] right = b.row(n);
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < left.length; k++) {
            double product = left[k] * right[k];
            sum += product;
            magnitude += Math.abs(product);
        }
        return switch (epilogue) {
            case NONE -> new Element(sum, magnitude, 0);
            case BIAS -> added(sum, magnitude, epilogueOperand[n]);
            case RESIDUAL -> added(sum, magnitude, epilogueOperand[m * columns() + n]);
            case SILU_MUL -> gated(sum, magnitude, epilogueOperand[m * columns() + n]);
        };
    }

    private static Element added(double sum, double magnitude, double addend) {
        return new Element(sum + addend, magnitude, Math.abs(sum + addend));
    }

    private static Element gated(double sum, double magnitude, double up) {
        double value = sum / (1 + Math.exp(-sum)) * up;
        return new Element(value, magnitude * SILU_SLOPE * Math.abs(up), SILU_STEPS * Math.abs(value));
    }

    /**
     * An element of D.
     *
     * @param value exact, not rounded
     * @param magnitude sum of |a||b|, widened by the epilogue's slope: what the sum's roundings scale with
     * @param epilogueMagnitude what the epilogue's own FP32 roundings scale with
     */
    record Element(double value, double magnitude, double epilogueMagnitude) {}
}
