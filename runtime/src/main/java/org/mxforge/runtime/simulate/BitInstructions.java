package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** Logic, shifts and fields of bits. */
final class BitInstructions {
    private static final int NIBBLE = 0xf;
    private static final int BYTE_MASK = 0xff;

    private BitInstructions() {}

    static Step logic(Decoding decoding) {
        PtxType type = decoding.type();
        return switch (decoding.name()) {
            case "and" -> decoding.binary(type.bits(), (a, b) -> a & b);
            case "or" -> decoding.binary(type.bits(), (a, b) -> a | b);
            case "xor" -> decoding.binary(type.bits(), (a, b) -> a ^ b);
            default -> decoding.unary(type.bits(), a -> ~a);
        };
    }

    static Step shift(Decoding decoding) {
        PtxType type = decoding.type();
        int bits = type.bits();
        PtxOperand.Register to = decoding.destination(0);
        int value = decoding.source(1, bits);
        int amount = decoding.source(2, Integer.SIZE);
        decoding.finish();
        if (decoding.name().equals("shl")) {
            return Lanes.binary(to, value, amount, (a, n) -> n >= bits ? 0 : a << n);
        }
        return type.signed()
                ? Lanes.binary(to, value, amount, (a, n) -> type.extend(a) >> Math.min(n, bits - 1))
                : Lanes.binary(to, value, amount, (a, n) -> n >= bits ? 0 : a >>> n);
    }

    /** {@code shf}: a window into two registers. */
    static Step funnel(Decoding decoding) {
        boolean left = decoding.take("l");
        if (!left && !decoding.take("r")) {
            throw decoding.refuse("does not say which way it shifts");
        }
        boolean wraps = decoding.take("wrap");
        if (!wraps && !decoding.take("clamp")) {
            throw decoding.refuse("does not say what large shifts do");
        }
        decoding.type();
        return decoding.ternary(Integer.SIZE, (low, high, amount) -> {
            long both = high << Integer.SIZE | low;
            int n = (int) (wraps ? amount & Integer.SIZE - 1 : Math.min(amount, Integer.SIZE));
            return left ? both << n >>> Integer.SIZE : both >>> n;
        });
    }

    /** {@code bfi}: the lowest bits of a in place of some of b. */
    static Step insert(Decoding decoding) {
        int bits = decoding.type().bits();
        PtxOperand.Register to = decoding.destination(0);
        int a = decoding.source(1, bits);
        int b = decoding.source(2, bits);
        int start = decoding.source(3, Integer.SIZE);
        int length = decoding.source(4, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                int from = (int) (warp.get(start, lane) & BYTE_MASK);
                int count = (int) (warp.get(length, lane) & BYTE_MASK);
                long field = from >= bits ? 0 : ones(count) << from;
                long inserted = from >= bits ? 0 : warp.get(a, lane) << from & field;
                warp.set(to, lane, warp.get(b, lane) & ~field | inserted);
            }
        };
    }

    /** {@code bfe}: some bits of a, as a number. */
    static Step extract(Decoding decoding) {
        PtxType type = decoding.type();
        int bits = type.bits();
        return decoding.ternary(bits, (a, start, length) -> {
            int from = (int) (start & BYTE_MASK);
            int count = (int) (length & BYTE_MASK);
            long field = from >= bits ? 0 : (a & type.mask()) >>> from & ones(count);
            boolean negative = type.signed() && count > 0 && (a >>> Math.min(from + count - 1, bits - 1) & 1) != 0;
            return negative ? field | ~ones(count) : field;
        });
    }

    private static long ones(int count) {
        return count >= Long.SIZE ? -1 : (1L << count) - 1;
    }

    /** {@code prmt}: four of the eight bytes of a and b, or their signs. */
    static Step permute(Decoding decoding) {
        decoding.type();
        return decoding.ternary(Integer.SIZE, (a, b, selector) -> {
            long bytes = b << Integer.SIZE | a;
            long picked = 0;
            for (int i = 0; i < Integer.BYTES; i++) {
                int select = (int) (selector >>> 4 * i) & NIBBLE;
                long value = bytes >>> Byte.SIZE * (select & 7) & BYTE_MASK;
                long given = select < 8 ? value : (byte) value < 0 ? BYTE_MASK : 0;
                picked |= given << Byte.SIZE * i;
            }
            return picked;
        });
    }

    /** {@code lop3}: any function of three bits, by its table. */
    static Step function(Decoding decoding) {
        decoding.type();
        PtxOperand.Register to = decoding.destination(0);
        int a = decoding.source(1, Integer.SIZE);
        int b = decoding.source(2, Integer.SIZE);
        int c = decoding.source(3, Integer.SIZE);
        if (!(decoding.operand(4) instanceof PtxOperand.Immediate table)) {
            throw decoding.refuse("has a table that is no number");
        }
        decoding.finish();
        return Lanes.ternary(to, a, b, c, (x, y, z) -> {
            long result = 0;
            for (int row = 0; row < 8; row++) {
                if ((table.bits() >> row & 1) != 0) {
                    result |= ((row & 4) != 0 ? x : ~x) & ((row & 2) != 0 ? y : ~y) & ((row & 1) != 0 ? z : ~z);
                }
            }
            return result;
        });
    }

    /** {@code bfind}: where the highest bit is that differs from the sign, or how far it must be shifted to the top; all ones if none does. */
    static Step find(Decoding decoding) {
        PtxType type = decoding.type();
        boolean shift = decoding.take("shiftamt");
        int top = type.bits() - 1;
        return decoding.unary(type.bits(), a -> {
            long value = type.extend(a);
            int place = Long.SIZE - 1 - Long.numberOfLeadingZeros(type.signed() && value < 0 ? ~value : value);
            return place < 0 ? -1 : shift ? top - place : place;
        });
    }

    static Step count(Decoding decoding) {
        PtxType type = decoding.type();
        return switch (decoding.name()) {
            case "popc" -> decoding.unary(type.bits(), Long::bitCount);
            case "clz" -> decoding.unary(type.bits(), a -> Long.numberOfLeadingZeros(a) - (Long.SIZE - type.bits()));
            default -> decoding.unary(type.bits(), a -> Long.reverse(a) >>> Long.SIZE - type.bits());
        };
    }
}
