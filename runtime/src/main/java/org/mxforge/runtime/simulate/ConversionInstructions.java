package org.mxforge.runtime.simulate;

import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** {@code cvt}: between all types. */
final class ConversionInstructions {
    private static final int SCALE_BIAS = 127;
    private static final int NO_SCALE = 255;
    private static final long BYTE = 0xff;
    /** Mantissa bits that FP64 has more than FP32. */
    private static final int NARROWER = 29;
    /** Of a NaN of FP32 what is free, and the rest of one that is quiet. */
    private static final long PAYLOAD = 0x3fffff;

    private static final long QUIET = 0x7fc00000L;

    private ConversionInstructions() {}

    static Step decode(Decoding decoding) {
        // In this order: the roundings and so on come before the two types.
        String integral = decoding.takeOne("rni", "rzi", "rmi", "rpi");
        Rounding rounding = Rounding.of(decoding);
        boolean flush = decoding.take("ftz");
        boolean saturate = decoding.take("sat");
        boolean finite = decoding.take("satfinite");
        String to = decoding.takeNext();
        String from = decoding.takeNext();
        if (to.endsWith("x2") || from.endsWith("x2")) {
            return pairs(decoding, to, from, finite, rounding);
        }
        SmallFloat narrow = SmallFloat.find(to);
        if (narrow != null && from.equals("f32")) {
            return decoding.unary(Integer.SIZE, a -> narrow.encode(FloatInstructions.single(a), finite, rounding));
        }
        SmallFloat small = SmallFloat.find(from);
        if (small != null && to.equals("f32")) {
            return decoding.unary(Short.SIZE, a -> FloatInstructions.bits((float) small.decode(a)));
        }
        PtxType wanted = PtxType.find(to);
        PtxType given = PtxType.find(from);
        if (wanted == null || given == null || finite) {
            throw decoding.refuse("converts in a way that the simulator does not model");
        }
        if (!wanted.isFloat() && !given.isFloat()) {
            return decoding.unary(
                    given.bits(), saturate ? a -> clamp(wanted, given.extend(a)) : a -> wanted.extend(given.extend(a)));
        }
        return numbers(decoding, wanted, given, integral, rounding, flush, saturate);
    }

    private static Step numbers(
            Decoding decoding,
            PtxType to,
            PtxType from,
            String integral,
            Rounding rounding,
            boolean flush,
            boolean saturate) {
        if (!to.isFloat()) {
            if (integral == null) {
                throw decoding.refuse("does not say how it rounds");
            }
            return decoding.unary(from.bits(), a -> {
                double value = number(from, a, flush);
                return value != value ? 0 : clamp(to, integral(integral, value));
            });
        }
        if (to.bits() == Long.SIZE) {
            if (rounding != Rounding.NEAREST) {
                throw decoding.refuse("rounds in a way that the simulator does not model");
            }
            return decoding.unary(
                    from.bits(),
                    a -> Double.doubleToRawLongBits(
                            integral == null ? number(from, a, flush) : integral(integral, number(from, a, flush))));
        }
        LongUnaryOperator last = saturate ? FloatInstructions::saturate : LongUnaryOperator.identity();
        if (from.bits() == Long.SIZE && !from.isFloat()) {
            throw decoding.refuse("converts in a way that the simulator does not model");
        }
        return decoding.unary(from.bits(), a -> {
            double value = number(from, a, flush);
            if (value != value && from.bits() == Long.SIZE) {
                return narrowed(a);
            }
            float result = rounding.single(integral == null ? value : integral(integral, value), 0);
            return last.applyAsLong(FloatInstructions.bits(FloatInstructions.flushed(flush, result)));
        });
    }

    /** A NaN of FP64 in FP32: with what there is room for of its bits. */
    private static long narrowed(long nan) {
        return nan >>> Long.SIZE - 1 << Integer.SIZE - 1 | QUIET | nan >>> NARROWER & PAYLOAD;
    }

    private static double number(PtxType type, long bits, boolean flush) {
        if (!type.isFloat()) {
            return type.extend(bits);
        }
        return type.bits() == Long.SIZE
                ? Double.longBitsToDouble(bits)
                : FloatInstructions.flushed(flush, FloatInstructions.single(bits));
    }

    private static double integral(String how, double value) {
        return switch (how) {
            case "rni" -> Math.rint(value);
            case "rzi" -> value < 0 ? Math.ceil(value) : Math.floor(value);
            case "rmi" -> Math.floor(value);
            default -> Math.ceil(value);
        };
    }

    private static long clamp(PtxType type, double value) {
        if (type.signed()) {
            double bound = Math.scalb(1.0, type.bits() - 1);
            return value >= bound
                    ? (1L << type.bits() - 1) - 1
                    : value <= -bound ? -1L << type.bits() - 1 : (long) value;
        }
        double bound = Math.scalb(1.0, type.bits());
        if (value >= bound) {
            return type.mask();
        }
        double half = 0x1p63;
        return value <= 0 ? 0 : value < half ? (long) value : (long) (value - half) | Long.MIN_VALUE;
    }

    private static long clamp(PtxType type, long value) {
        if (type.bits() == Long.SIZE) {
            return type.signed() ? value : Math.max(value, 0);
        }
        long least = type.signed() ? -1L << type.bits() - 1 : 0;
        long most = type.signed() ? -least - 1 : type.mask();
        return Math.max(least, Math.min(most, value));
    }

    /** Two numbers at a time: the first source becomes the upper one. */
    private static Step pairs(Decoding decoding, String to, String from, boolean finite, Rounding rounding) {
        if (to.equals("ue8m0x2") || from.equals("ue8m0x2")) {
            return scales(decoding, to, from, finite, rounding);
        }
        SmallFloat wanted = SmallFloat.find(to);
        SmallFloat given = SmallFloat.find(from);
        if (wanted == null || given == null && !from.equals("f32")) {
            throw decoding.refuse("converts in a way that the simulator does not model");
        }
        int pitch = wanted.pitch();
        // Numbers of 8 bits have no infinity that a conversion gives.
        boolean bounded = finite || pitch <= Byte.SIZE;
        if (given == null) {
            return decoding.binary(
                    Integer.SIZE,
                    (high, low) -> wanted.encode(FloatInstructions.single(high), bounded, rounding) << pitch
                            | wanted.encode(FloatInstructions.single(low), bounded, rounding));
        }
        int width = given.pitch();
        long mask = given.mask();
        return decoding.unary(
                2 * width,
                a -> wanted.encode(given.decode(a >>> width & mask), bounded, rounding) << pitch
                        | wanted.encode(given.decode(a & mask), bounded, rounding));
    }

    /** From and to pairs of scales, which are powers of two. */
    private static Step scales(Decoding decoding, String to, String from, boolean finite, Rounding rounding) {
        if (from.equals("f32") && (rounding == Rounding.ZERO || rounding == Rounding.UP)) {
            boolean up = rounding == Rounding.UP;
            return decoding.binary(
                    Integer.SIZE, (high, low) -> scale(high, up, finite) << Byte.SIZE | scale(low, up, finite));
        }
        if (to.equals("bf16x2") && rounding == Rounding.NEAREST) {
            return decoding.unary(Short.SIZE, a -> power(a >>> Byte.SIZE) << Short.SIZE | power(a & BYTE));
        }
        throw decoding.refuse("converts in a way that the simulator does not model");
    }

    /** The exponent of a number's magnitude, one more where {@code up} says so; NaN as 255. */
    private static long scale(long bits, boolean up, boolean finite) {
        float magnitude = Math.abs(FloatInstructions.single(bits));
        if (magnitude != magnitude) {
            return NO_SCALE;
        }
        int exponent = Math.max(Math.getExponent(magnitude), -SCALE_BIAS);
        long scale = exponent + SCALE_BIAS + (up && magnitude > Math.scalb(1.0, exponent) ? 1 : 0);
        return Math.min(scale, finite ? NO_SCALE - 1 : NO_SCALE);
    }

    /** A scale in BF16. */
    private static long power(long scale) {
        return SmallFloat.BF16.encode(
                scale == NO_SCALE ? Double.NaN : Math.scalb(1.0, (int) scale - SCALE_BIAS), false);
    }
}
