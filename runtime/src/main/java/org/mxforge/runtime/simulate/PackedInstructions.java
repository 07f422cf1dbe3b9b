package org.mxforge.runtime.simulate;

import java.util.function.DoubleBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** Arithmetic on FP16 and BF16, alone or in pairs, and on pairs of 16-bit integers. */
final class PackedInstructions {
    private static final long HALF = 0xffff;
    private static final long SIGN = 0x8000;

    private PackedInstructions() {}

    /** The step of {@code decoding}, whose type is {@code name}; null if that is no packed type. */
    static Step decode(Decoding decoding, String name) {
        if (name.equals("u16x2") || name.equals("s16x2")) {
            return integers(decoding, PtxType.parse(name.substring(0, 3)));
        }
        SmallFloat format = SmallFloat.find(name);
        boolean pair = name.endsWith("x2");
        int bits = pair ? Integer.SIZE : Short.SIZE;
        decoding.take("rn");
        if (decoding.name().equals("neg") || decoding.name().equals("abs")) {
            boolean negates = decoding.name().equals("neg");
            LongUnaryOperator one = a -> Double.isNaN(format.decode(a)) ? ~SIGN & HALF : negates ? a ^ SIGN : a & ~SIGN;
            return decoding.unary(
                    bits,
                    pair ? a -> one.applyAsLong(a & HALF) | one.applyAsLong(a >>> Short.SIZE) << Short.SIZE : one);
        }
        Lanes.Ternary one = element(decoding, format);
        Lanes.Ternary all = pair
                ? (a, b, c) -> one.apply(a & HALF, b & HALF, c & HALF)
                        | one.apply(a >>> Short.SIZE, b >>> Short.SIZE, c >>> Short.SIZE) << Short.SIZE
                : one;
        return decoding.name().equals("fma")
                ? decoding.ternary(bits, all)
                : decoding.binary(bits, (a, b) -> all.apply(a, b, 0));
    }

    private static Lanes.Ternary element(Decoding decoding, SmallFloat format) {
        switch (decoding.name()) {
            case "add", "sub" -> {
                boolean negative = decoding.name().equals("sub");
                return (a, b, c) -> {
                    double x = format.decode(a);
                    double y = negative ? -format.decode(b) : format.decode(b);
                    return format.encode(x + y, Rounding.error(x, y, x + y));
                };
            }
            case "mul" -> {
                return (a, b, c) -> format.encode(format.decode(a) * format.decode(b), false);
            }
            case "fma" -> {
                return (a, b, c) -> {
                    double product = format.decode(a) * format.decode(b);
                    double addend = format.decode(c);
                    double sum = product + addend;
                    return format.encode(sum, Rounding.error(product, addend, sum));
                };
            }
            case "min", "max" -> {
                DoubleBinaryOperator choice =
                        FloatInstructions.extreme(decoding.name().equals("max"), decoding.take("NaN"));
                return (a, b, c) -> format.encode(choice.applyAsDouble(format.decode(a), format.decode(b)), false);
            }
            default -> throw decoding.refuse("has a form that the simulator does not model");
        }
    }

    private static Step integers(Decoding decoding, PtxType type) {
        boolean largest = decoding.name().equals("max");
        if (!largest && !decoding.name().equals("min")) {
            throw decoding.refuse("has a form that the simulator does not model");
        }
        return decoding.binary(Integer.SIZE, (a, b) -> {
            long low = IntegerInstructions.compare(type, a & HALF, b & HALF) > 0 == largest ? a : b;
            long high = IntegerInstructions.compare(type, a >>> Short.SIZE, b >>> Short.SIZE) > 0 == largest ? a : b;
            return low & HALF | high & ~HALF;
        });
    }
}
