package org.mxforge.runtime.simulate;

import java.util.function.LongBinaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** Arithmetic on integers. */
final class IntegerInstructions {
    private IntegerInstructions() {}

    static Step addOrSubtract(Decoding decoding, PtxType type) {
        return decoding.name().equals("add")
                ? decoding.binary(type.bits(), (a, b) -> a + b)
                : decoding.binary(type.bits(), (a, b) -> a - b);
    }

    /** {@code mul} and, with a third source, {@code mad}. */
    static Step multiply(Decoding decoding, PtxType type) {
        boolean wide = decoding.take("wide");
        boolean high = decoding.take("hi");
        if (!wide && !high && !decoding.take("lo")) {
            throw decoding.refuse("does not say which half of the product it gives");
        }
        LongBinaryOperator product = product(type, high);
        if (decoding.name().equals("mul")) {
            return decoding.binary(type.bits(), product);
        }
        PtxOperand.Register to = decoding.destination(0);
        int a = decoding.source(1, type.bits());
        int b = decoding.source(2, type.bits());
        int c = decoding.source(3, wide ? 2 * type.bits() : type.bits());
        decoding.finish();
        return Lanes.ternary(to, a, b, c, (x, y, z) -> product.applyAsLong(x, y) + z);
    }

    private static LongBinaryOperator product(PtxType type, boolean high) {
        if (high && type.bits() == Long.SIZE) {
            return type.signed()
                    ? Math::multiplyHigh
                    : (a, b) -> Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
        }
        int shift = high ? type.bits() : 0;
        return (a, b) -> type.extend(a) * type.extend(b) >> shift;
    }

    static Step divide(Decoding decoding, PtxType type) {
        boolean remainder = decoding.name().equals("rem");
        if (type.signed()) {
            return decoding.binary(type.bits(), (a, b) -> {
                long x = type.extend(a);
                long y = type.extend(b);
                // By zero: not defined; this is what GPUs give.
                return y == 0 ? -1 : remainder ? x % y : x / y;
            });
        }
        return decoding.binary(
                type.bits(),
                (a, b) -> b == 0 ? -1 : remainder ? Long.remainderUnsigned(a, b) : Long.divideUnsigned(a, b));
    }

    static Step extreme(Decoding decoding, PtxType type) {
        boolean largest = decoding.name().equals("max");
        return decoding.binary(type.bits(), (a, b) -> compare(type, a, b) > 0 == largest ? a : b);
    }

    static int compare(PtxType type, long a, long b) {
        return type.signed()
                ? Long.compare(type.extend(a), type.extend(b))
                : Long.compareUnsigned(a & type.mask(), b & type.mask());
    }

    static Step sign(Decoding decoding, PtxType type) {
        return decoding.name().equals("neg")
                ? decoding.unary(type.bits(), a -> -a)
                : decoding.unary(type.bits(), a -> Math.abs(type.extend(a)));
    }
}
