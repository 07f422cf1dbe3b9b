package org.mxforge.runtime.simulate;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxType;

/**
 * Arithmetic on FP32 and FP64.
 */
final class FloatInstructions {
    private static final int NAN = 0x7fffffff;
    private static final String RECIPROCAL = "rcp.approx.ftz.f32";

    private FloatInstructions() {}

    static float single(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    /** The bits of {@code value}; every NaN is the one that GPUs make. */
    static long bits(float value) {
        return value != value ? NAN : Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }

    private static double number(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    static Step add(Decoding decoding, PtxType type) {
        long sign = decoding.name().equals("sub") ? 1L << type.bits() - 1 : 0;
        Rounding rounding = Rounding.of(decoding);
        if (type.bits() == Long.SIZE) {
            requireNearest(decoding, rounding);
            return sign == 0
                    ? decoding.binary(Long.SIZE, (a, b) -> bits(number(a) + number(b)))
                    : decoding.binary(Long.SIZE, (a, b) -> bits(number(a) - number(b)));
        }
        return binary(decoding, (a, b) -> {
            double x = single(a);
            double y = single(b ^ sign);
            return rounding == Rounding.NEAREST
                    ? (float) x + (float) y
                    : rounding.single(rounding.sum(x, y), Rounding.error(x, y, x + y));
        });
    }

    static Step multiply(Decoding decoding, PtxType type) {
        Rounding rounding = Rounding.of(decoding);
        if (type.bits() == Long.SIZE) {
            requireNearest(decoding, rounding);
            return decoding.binary(Long.SIZE, (a, b) -> bits(number(a) * number(b)));
        }
        return binary(decoding, (a, b) -> rounding.single((double) single(a) * single(b), 0));
    }

    static Step fused(Decoding decoding, PtxType type) {
        Rounding rounding = Rounding.of(decoding);
        if (type.bits() == Long.SIZE) {
            requireNearest(decoding, rounding);
            return decoding.ternary(Long.SIZE, (a, b, c) -> bits(Math.fma(number(a), number(b), number(c))));
        }
        boolean flush = decoding.take("ftz");
        LongUnaryOperator last = decoding.take("sat") ? FloatInstructions::saturate : LongUnaryOperator.identity();
        return decoding.ternary(Integer.SIZE, (a, b, c) -> {
            float x = flushed(flush, single(a));
            float y = flushed(flush, single(b));
            float z = flushed(flush, single(c));
            double product = (double) x * y;
            double sum = rounding.sum(product, z);
            float result = rounding == Rounding.NEAREST
                    ? Math.fma(x, y, z)
                    : rounding.single(sum, Rounding.error(product, z, sum));
            return last.applyAsLong(bits(flushed(flush, result)));
        });
    }

    /** The sum or difference of a product, which is not rounded and is operand {@code operand} of two, and of the other. */
    static Step fused(Decoding product, Decoding sum, int operand) {
        int bits = sum.type().bits();
        boolean difference = sum.name().equals("sub");
        boolean lessProduct = difference && operand == 2;
        boolean lessOther = difference && operand == 1;
        Lanes.Ternary operator = bits == Long.SIZE
                ? (a, b, c) -> bits(Math.fma(less(lessProduct, number(a)), number(b), less(lessOther, number(c))))
                : (a, b, c) -> bits(
                        Math.fma((float) less(lessProduct, single(a)), single(b), (float) less(lessOther, single(c))));
        return Lanes.ternary(
                sum.destination(0),
                product.source(1, bits),
                product.source(2, bits),
                sum.source(3 - operand, bits),
                operator);
    }

    /** A NaN keeps its sign. */
    private static double less(boolean negative, double value) {
        return negative && value == value ? -value : value;
    }

    static Step divide(Decoding decoding, PtxType type, BoundedFunctions functions) {
        if (type.bits() == Long.SIZE) {
            requireNearest(decoding, Rounding.of(decoding));
            return decoding.binary(Long.SIZE, (a, b) -> bits(number(a) / number(b)));
        }
        boolean full = decoding.take("full");
        if (full || decoding.take("approx")) {
            return quotient(decoding, full, functions.of(RECIPROCAL, FloatInstructions::reciprocal));
        }
        requireNearest(decoding, Rounding.of(decoding));
        return binary(decoding, (a, b) -> single(a) / single(b));
    }

    /**
     * The product of one number and the other's reciprocal, which has no subnormals: what is divided by more than 2^126 gives 0, unless both are
     * scaled ({@code full}), as they are where the divisor is subnormal.
     */
    private static Step quotient(Decoding decoding, boolean full, LongUnaryOperator reciprocal) {
        return binary(decoding, (a, b) -> {
            float divisor = Math.abs(single(b));
            float scale = divisor < Float.MIN_NORMAL ? 0x1p24f : full && divisor > 0x1p126f ? 0.25f : 1;
            return single(reciprocal.applyAsLong(bits(single(b) * scale))) * (single(a) * scale);
        });
    }

    private static long reciprocal(long bits) {
        return bits(flushed(true, 1 / flushed(true, single(bits))));
    }

    /** The smaller or larger of two; a NaN only if both are, or one is and the instruction asks for it. */
    static Step extreme(Decoding decoding, PtxType type) {
        boolean nan = decoding.take("NaN");
        boolean largest = decoding.name().equals("max");
        DoubleBinaryOperator choice = extreme(largest, nan);
        if (type.bits() == Long.SIZE) {
            return decoding.binary(Long.SIZE, (a, b) -> bits(choice.applyAsDouble(number(a), number(b))));
        }
        return binary(decoding, (a, b) -> (float) choice.applyAsDouble(single(a), single(b)));
    }

    static DoubleBinaryOperator extreme(boolean largest, boolean nan) {
        return (a, b) -> {
            if (a != a || b != b) {
                return nan || a != a && b != b ? Double.NaN : a != a ? b : a;
            }
            return largest ? Math.max(a, b) : Math.min(a, b);
        };
    }

    static Step sign(Decoding decoding, PtxType type) {
        boolean flush = decoding.take("ftz");
        long sign = 1L << type.bits() - 1;
        LongUnaryOperator operator = decoding.name().equals("neg") ? a -> a ^ sign : a -> a & ~sign;
        return decoding.unary(
                type.bits(),
                type.bits() == Long.SIZE ? operator : a -> bits(flushed(flush, single(operator.applyAsLong(a)))));
    }

    /** Functions of one number. */
    static Step function(Decoding decoding, BoundedFunctions functions) {
        PtxType type = decoding.type();
        boolean bounded = decoding.take("approx");
        if (!bounded) {
            requireNearest(decoding, Rounding.of(decoding));
        }
        DoubleUnaryOperator function =
                switch (decoding.name()) {
                    case "ex2" -> x -> Math.pow(2, x);
                    case "lg2" -> x -> Math.log(x) / Math.log(2);
                    case "rcp" -> x -> 1 / x;
                    case "rsqrt" -> x -> 1 / Math.sqrt(x);
                    case "sqrt" -> Math::sqrt;
                    case "sin" -> Math::sin;
                    case "cos" -> Math::cos;
                    case "tanh" -> Math::tanh;
                    default -> throw decoding.refuse("is not modelled");
                };
        if (type.bits() == Long.SIZE) {
            return decoding.unary(Long.SIZE, a -> bits(function.applyAsDouble(number(a))));
        }
        boolean flush = decoding.take("ftz");
        LongUnaryOperator exact = a -> bits(flushed(flush, (float) function.applyAsDouble(flushed(flush, single(a)))));
        return decoding.unary(Integer.SIZE, bounded ? functions.of(decoding.opcode(), exact) : exact);
    }

    private interface SingleOperator {
        float apply(long a, long b);
    }

    private static Step binary(Decoding decoding, SingleOperator operator) {
        boolean flush = decoding.take("ftz");
        boolean saturate = decoding.take("sat");
        LongBinaryOperator plain = (a, b) -> bits(operator.apply(a, b));
        if (!flush && !saturate) {
            return decoding.binary(Integer.SIZE, plain);
        }
        return decoding.binary(Integer.SIZE, (a, b) -> {
            long result =
                    flush ? flushedBits(plain.applyAsLong(flushedBits(a), flushedBits(b))) : plain.applyAsLong(a, b);
            return saturate ? saturate(result) : result;
        });
    }

    private static long flushedBits(long bits) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(flushed(true, single(bits))));
    }

    /** {@code value}, or a zero of its sign where it is subnormal. */
    static float flushed(boolean flush, float value) {
        return flush && Math.abs(value) < Float.MIN_NORMAL ? value * 0 : value;
    }

    /** A number from 0 to 1; a NaN becomes 0. */
    static long saturate(long bits) {
        float value = single(bits);
        return bits(value > 0 ? Math.min(value, 1) : 0f);
    }

    private static void requireNearest(Decoding decoding, Rounding rounding) {
        if (rounding != Rounding.NEAREST) {
            throw decoding.refuse("rounds in a way that the simulator does not model");
        }
    }
}
