package org.mxforge.runtime.oracle;

import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * D[m, n] = epilogue(sum over k of A[m, k] * B[n, k]) in binary64, k ascending. Products of two decoded elements are exact, so
 * that on {@link ExactOperands} the sum is exact too and everywhere else its error is some 2^29 times below that of FP32. Of INT8
 * operands sums are exact on all data, and all that follows but SiLU is rounded step by step, as {@link
 * org.mxforge.dsl.spec.Int8GemmSpec} says.
 *
 * <p>Elements are computed when asked for, which lets a tuner check samples of a large product. Not for use by two threads.
 */
public final class ReferenceGemm {
    /** The steepest slope of silu, 1.0998, at 2.4: how much it can widen an error of its argument. */
    private static final double SILU_SLOPE = 1.1;

    /** What a sum's error may be of its magnitude: more than sums of FP8 tensor cores lose in 256 channels. */
    private static final double LARGEST_ERROR = 1.0 / 16;

    /** FP32 roundings that silu(x) * up may take, exp to a few units in the last place included. */
    private static final double SILU_STEPS = 16;

    private final OperandRows a;
    private final OperandRows b;
    private final Optional<Scales> scales;
    private final Epilogue epilogue;
    private final float[] epilogueOperand;

    /** One scale for each row of INT8 operands, as whose product they are multiplied in. */
    private record Scales(float[] rows, float[] columns) {
        /** One rounding for the sum, one for the scale, and one for what both come to. */
        Element scaled(double sum, int m, int n) {
            float value = (float) sum * (rows[m] * columns[n]);
            return new Element(value, Math.abs(value), 0);
        }
    }

    private ReferenceGemm(
            OperandRows a, OperandRows b, Optional<Scales> scales, Epilogue epilogue, float[] epilogueOperand) {
        if (a.channels() != b.channels()) {
            throw new IllegalArgumentException(
                    "the operands have " + a.channels() + " and " + b.channels() + " channels");
        }
        this.a = a;
        this.b = b;
        this.scales = scales;
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
        return new ReferenceGemm(new PackedRows(a), new PackedRows(b), Optional.empty(), epilogue, epilogueOperand);
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
        return new ReferenceGemm(
                new PlainRows(a, m, k), new PlainRows(b, n, k), Optional.empty(), epilogue, epilogueOperand);
    }

    /**
     * The product of two INT8 operands.
     *
     * @param a {@code [m][k]}
     * @param b {@code [n][k]}
     * @param rowScales {@code [m]}
     * @param columnScales {@code [n]}
     * @param epilogueOperand as for packed operands
     */
    public static ReferenceGemm integers(
            byte[] a,
            byte[] b,
            float[] rowScales,
            float[] columnScales,
            int k,
            Epilogue epilogue,
            float[] epilogueOperand) {
        return new ReferenceGemm(
                new PlainRows(widened(a), rowScales.length, k),
                new PlainRows(widened(b), columnScales.length, k),
                Optional.of(new Scales(rowScales, columnScales)),
                epilogue,
                epilogueOperand);
    }

    private static float[] widened(byte[] codes) {
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = codes[i];
        }
        return values;
    }

    public int rows() {
        return a.rows();
    }

    /** Columns of D. */
    public int columns() {
        return epilogue.columns(b.rows());
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
        return switch (epilogue) {
            case NONE -> sum(m, n);
            case BIAS -> added(sum(m, n), epilogueOperand[n]);
            case RESIDUAL -> added(sum(m, n), epilogueOperand[m * columns() + n]);
            case SILU_MUL -> gated(sum(m, n), new Element(epilogueOperand[m * columns() + n], 0, 0));
            case SWIGLU -> gated(sum(m, Epilogue.gateRow(n)), sum(m, Epilogue.upRow(n)));
        };
    }

    private Element sum(int m, int n) {
        double[] left = a.row(m);
        double[] right = b.row(n);
        double sum = 0;
        double magnitude = 0;
        for (int k = 0; k < left.length; k++) {
            double product = left[k] * right[k];
            sum += product;
            magnitude += Math.abs(product);
        }
        return scales.isPresent() ? scales.get().scaled(sum, m, n) : new Element(sum, magnitude, 0);
    }

    private Element added(Element sum, double addend) {
        double exact = sum.value() + addend;
        double value = scales.isPresent() ? (float) exact : exact;
        return new Element(value, sum.magnitude(), Math.abs(value));
    }

    private static Element gated(Element gate, Element up) {
        double silu = gate.value() / (1 + Math.exp(-gate.value()));
        double value = silu * up.value();
        double wide = gate.magnitude() * SILU_SLOPE;
        // The last is what both errors come to together, of which neither is more than LARGEST_ERROR of its magnitude.
        return new Element(
                value,
                wide * Math.abs(up.value()) + Math.abs(silu) * up.magnitude() + LARGEST_ERROR * wide * up.magnitude(),
                SILU_STEPS * Math.abs(value));
    }

    /** What SiLU is multiplied by in element ({@code m}, {@code n}); 0 where there is none. */
    public double siluFactor(int m, int n) {
        return switch (epilogue) {
            case NONE, BIAS, RESIDUAL -> 0;
            case SILU_MUL -> epilogueOperand[m * columns() + n];
            case SWIGLU -> sum(m, Epilogue.upRow(n)).value();
        };
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
