package org.mxforge.runtime.simulate;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** Moves, comparisons and choices by predicates. */
final class SelectInstructions {
    private SelectInstructions() {}

    static Step move(Decoding decoding) {
        PtxType type = decoding.type();
        if (decoding.operand(0) instanceof PtxOperand.Vector) {
            return unpack(decoding, type);
        }
        if (decoding.operand(1) instanceof PtxOperand.Vector) {
            return pack(decoding);
        }
        if (decoding.operand(1) instanceof PtxOperand.Special special
                && special.name().contains("clock")) {
            return clock(decoding);
        }
        return decoding.unary(type.bits(), LongUnaryOperator.identity());
    }

    /** The steps that the warp has made stand in for the clock. */
    private static Step clock(Decoding decoding) {
        PtxOperand.Register to = decoding.destination(0);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                warp.set(to, lane, warp.steps());
            }
        };
    }

    private static Step pack(Decoding decoding) {
        PtxOperand.Register to = decoding.destination(0);
        int count = ((PtxOperand.Vector) decoding.operand(1)).elements().size();
        int bits = to.bits() / count;
        int[] parts = decoding.sources(1, bits);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                long all = 0;
                for (int i = 0; i < count; i++) {
                    all |= warp.get(parts[i], lane) << i * bits;
                }
                warp.set(to, lane, all);
            }
        };
    }

    private static Step unpack(Decoding decoding, PtxType type) {
        PtxOperand.Register[] parts = decoding.destinations(0);
        int from = decoding.source(1, type.bits());
        decoding.finish();
        int bits = type.bits() / parts.length;
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                long all = warp.get(from, lane);
                for (int i = 0; i < parts.length; i++) {
                    warp.set(parts[i], lane, all >>> i * bits);
                }
            }
        };
    }

    static Step select(Decoding decoding) {
        int bits = decoding.type().bits();
        PtxOperand.Register to = decoding.destination(0);
        int a = decoding.source(1, bits);
        int b = decoding.source(2, bits);
        int p = decoding.source(3, 1);
        decoding.finish();
        return Lanes.ternary(to, a, b, p, (x, y, chosen) -> chosen != 0 ? x : y);
    }

    /** {@code setp}, with a second predicate to combine with if there is one. */
    static Step compare(Decoding decoding) {
        PtxType type = decoding.type();
        String relation = decoding.takeNext();
        boolean flush = decoding.take("ftz");
        LongBinaryOperator comparison =
                type.isFloat() ? floats(decoding, relation, type, flush) : integers(decoding, relation, type);
        String combination = decoding.takeOne("and", "or", "xor");
        PtxOperand to = decoding.operand(0);
        PtxOperand.Register first = decoding.destination(to instanceof PtxOperand.Pair pair ? pair.first() : to);
        int a = decoding.source(1, type.bits());
        int b = decoding.source(2, type.bits());
        if (combination == null && !(to instanceof PtxOperand.Pair)) {
            decoding.finish();
            return Lanes.binary(first, a, b, comparison);
        }
        PtxOperand.Register second = to instanceof PtxOperand.Pair pair ? decoding.destination(pair.second()) : null;
        boolean not = combination != null && decoding.operand(3) instanceof PtxOperand.Not;
        int with = combination == null
                ? a
                : decoding.source(
                        decoding.operand(3) instanceof PtxOperand.Not negated
                                ? negated.predicate()
                                : decoding.operand(3),
                        1);
        LongBinaryOperator combine = combine(combination);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                long holds = comparison.applyAsLong(warp.get(a, lane), warp.get(b, lane));
                long other = warp.get(with, lane) ^ (not ? 1 : 0);
                warp.set(first, lane, combine.applyAsLong(holds, other));
                if (second != null) {
                    warp.set(second, lane, combine.applyAsLong(holds ^ 1, other));
                }
            }
        };
    }

    private static LongBinaryOperator combine(String name) {
        if (name == null) {
            return (holds, other) -> holds;
        }
        return switch (name) {
            case "and" -> (holds, other) -> holds & other;
            case "or" -> (holds, other) -> holds | other;
            default -> (holds, other) -> holds ^ other;
        };
    }

    private static LongBinaryOperator integers(Decoding decoding, String relation, PtxType type) {
        return switch (relation) {
            case "eq" -> (a, b) -> a == b ? 1 : 0;
            case "ne" -> (a, b) -> a != b ? 1 : 0;
            case "lt", "lo" -> (a, b) -> IntegerInstructions.compare(type, a, b) < 0 ? 1 : 0;
            case "le", "ls" -> (a, b) -> IntegerInstructions.compare(type, a, b) <= 0 ? 1 : 0;
            case "gt", "hi" -> (a, b) -> IntegerInstructions.compare(type, a, b) > 0 ? 1 : 0;
            case "ge", "hs" -> (a, b) -> IntegerInstructions.compare(type, a, b) >= 0 ? 1 : 0;
            default -> throw decoding.refuse("compares in a way that the simulator does not model");
        };
    }

    private interface Relation {
        boolean holds(double a, double b);
    }

    private static LongBinaryOperator floats(Decoding decoding, String relation, PtxType type, boolean flush) {
        Relation holds =
                switch (relation) {
                    case "eq" -> (a, b) -> a == b;
                    case "ne" -> (a, b) -> a < b || a > b;
                    case "lt" -> (a, b) -> a < b;
                    case "le" -> (a, b) -> a <= b;
                    case "gt" -> (a, b) -> a > b;
                    case "ge" -> (a, b) -> a >= b;
                    case "equ" -> (a, b) -> !(a < b || a > b);
                    case "neu" -> (a, b) -> a != b;
                    case "ltu" -> (a, b) -> !(a >= b);
                    case "leu" -> (a, b) -> !(a > b);
                    case "gtu" -> (a, b) -> !(a <= b);
                    case "geu" -> (a, b) -> !(a < b);
                    case "num" -> (a, b) -> a == a && b == b;
                    case "nan" -> (a, b) -> a != a || b != b;
                    default -> throw decoding.refuse("compares in a way that the simulator does not model");
                };
        if (type.bits() == Long.SIZE) {
            return (a, b) -> holds.holds(Double.longBitsToDouble(a), Double.longBitsToDouble(b)) ? 1 : 0;
        }
        return (a, b) -> holds.holds(
                        FloatInstructions.flushed(flush, FloatInstructions.single(a)),
                        FloatInstructions.flushed(flush, FloatInstructions.single(b)))
                ? 1
                : 0;
    }

    /** {@code cvta}: between an address of a space and one that says its space. */
    static Step address(Decoding decoding) {
        PtxType type = decoding.type();
        boolean from = decoding.take("to");
        if (decoding.take("shared")) {
            return from
                    ? decoding.unary(type.bits(), a -> a & 0xffffffffL)
                    : decoding.unary(type.bits(), a -> a | DeviceMemory.SHARED_WINDOW);
        }
        if (!decoding.take("global") && !decoding.take("const") && !(from && decoding.take("local"))) {
            throw decoding.refuse("is about a space that the simulator does not model");
        }
        return decoding.unary(type.bits(), LongUnaryOperator.identity());
    }
}
