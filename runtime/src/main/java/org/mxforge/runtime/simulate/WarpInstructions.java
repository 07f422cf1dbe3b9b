package org.mxforge.runtime.simulate;

import java.util.Arrays;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** What the lanes of a warp do together. */
final class WarpInstructions {
    private static final int CLAMP_MASK = 0x1f;
    private static final int ROW_BYTES = 16;

    private WarpInstructions() {}

    /**
     * The groups of lanes that run an instruction together: each lane names its own, as one of its members. Lanes that are named but do
     * not run it are found.
     */
    static int[] groups(Warp warp, int members, int lanes) {
        int[] groups = new int[Lanes.COUNT];
        int count = 0;
        for (int left = lanes; left != 0; ) {
            int lane = Integer.numberOfTrailingZeros(left);
            int named = (int) warp.get(members, lane) & warp.alive();
            if ((named & ~lanes) != 0 || (named >> lane & 1) == 0) {
                warp.block.launch.findings.add(
                        Finding.Kind.DIVERGENT_BARRIER,
                        warp,
                        warp.words(lane) + " names lanes 0x" + Integer.toHexString(named)
                                + " for an instruction that lanes 0x" + Integer.toHexString(lanes) + " run");
            }
            groups[count++] = named & lanes | 1 << lane;
            left &= ~groups[count - 1];
        }
        return Arrays.copyOf(groups, count);
    }

    static Step shuffle(Decoding decoding) {
        decoding.type();
        decoding.take("sync");
        String mode = decoding.takeOne("idx", "up", "down", "bfly");
        if (mode == null) {
            throw decoding.refuse("does not say how it shuffles");
        }
        PtxOperand to = decoding.operand(0);
        PtxOperand.Register value = decoding.destination(to instanceof PtxOperand.Pair pair ? pair.first() : to);
        PtxOperand.Register valid = to instanceof PtxOperand.Pair pair ? decoding.destination(pair.second()) : null;
        int from = decoding.source(1, Integer.SIZE);
        int by = decoding.source(2, Integer.SIZE);
        int clamp = decoding.source(3, Integer.SIZE);
        int members = decoding.source(4, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            groups(warp, members, lanes);
            long[] given = new long[Lanes.COUNT];
            System.arraycopy(warp.registers, from * Lanes.COUNT, given, 0, Lanes.COUNT);
            for (int lane : warp.lanes(lanes)) {
                int source = source(mode, lane, (int) warp.get(by, lane) & CLAMP_MASK, (int) warp.get(clamp, lane));
                warp.set(value, lane, given[source < 0 ? lane : source]);
                if (valid != null) {
                    warp.set(valid, lane, source < 0 ? 0 : 1);
                }
            }
        };
    }

    /** The lane that {@code lane} reads; -1 if that is out of its segment. */
    private static int source(String mode, int lane, int by, int clamp) {
        int segment = clamp >> Byte.SIZE & CLAMP_MASK;
        int last = lane & segment | clamp & CLAMP_MASK & ~segment;
        int first = lane & segment;
        return switch (mode) {
            case "up" -> lane - by >= last ? lane - by : -1;
            case "down" -> lane + by <= last ? lane + by : -1;
            case "bfly" -> (lane ^ by) <= last ? lane ^ by : -1;
            default -> (first | by & ~segment) <= last ? first | by & ~segment : -1;
        };
    }

    static Step vote(Decoding decoding) {
        decoding.take("sync");
        PtxType type = decoding.type();
        String mode = decoding.takeOne("ballot", "any", "all", "uni");
        PtxOperand.Register to = decoding.destination(0);
        PtxOperand operand = decoding.operand(1);
        boolean not = operand instanceof PtxOperand.Not;
        int from = decoding.source(operand instanceof PtxOperand.Not negated ? negated.predicate() : operand, 1);
        int members = decoding.source(2, Integer.SIZE);
        decoding.finish();
        if (mode == null || type.kind() == PtxType.Kind.PREDICATE == mode.equals("ballot")) {
            throw decoding.refuse("votes in a way that the simulator does not model");
        }
        return (warp, lanes) -> {
            for (int group : groups(warp, members, lanes)) {
                int ballot = 0;
                for (int lane : warp.lanes(group)) {
                    ballot |= (warp.get(from, lane) != 0) != not ? 1 << lane : 0;
                }
                long result =
                        switch (mode) {
                            case "ballot" -> ballot;
                            case "any" -> ballot != 0 ? 1 : 0;
                            case "all" -> ballot == group ? 1 : 0;
                            default -> ballot == group || ballot == 0 ? 1 : 0;
                        };
                for (int lane : warp.lanes(group)) {
                    warp.set(to, lane, result);
                }
            }
        };
    }

    /** {@code elect}: one lane of a group, the lowest. */
    static Step elect(Decoding decoding) {
        decoding.take("sync");
        if (!(decoding.operand(0) instanceof PtxOperand.Pair pair)) {
            throw decoding.refuse("does not say where to put the lane");
        }
        PtxOperand.Register elected = decoding.destination(pair.first());
        PtxOperand.Register is = decoding.destination(pair.second());
        int members = decoding.source(1, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            for (int group : groups(warp, members, lanes)) {
                int first = Integer.numberOfTrailingZeros(group);
                for (int lane : warp.lanes(group)) {
                    warp.set(elected, lane, first);
                    warp.set(is, lane, lane == first ? 1 : 0);
                }
            }
        };
    }

    static Step reduce(Decoding decoding) {
        decoding.take("sync");
        PtxType type = decoding.type();
        Map<String, LongBinaryOperator> operators = Map.of(
                "add", (a, b) -> a + b,
                "and", (a, b) -> a & b,
                "or", (a, b) -> a | b,
                "xor", (a, b) -> a ^ b,
                "min", (a, b) -> IntegerInstructions.compare(type, a, b) < 0 ? a : b,
                "max", (a, b) -> IntegerInstructions.compare(type, a, b) > 0 ? a : b);
        LongBinaryOperator operator = operators.get(decoding.takeNext());
        PtxOperand.Register to = decoding.destination(0);
        int from = decoding.source(1, type.bits());
        int members = decoding.source(2, Integer.SIZE);
        decoding.finish();
        if (operator == null || type.isFloat()) {
            throw decoding.refuse("reduces in a way that the simulator does not model");
        }
        return (warp, lanes) -> {
            for (int group : groups(warp, members, lanes)) {
                long result = warp.get(from, Integer.numberOfTrailingZeros(group));
                for (int lane : warp.lanes(group & group - 1)) {
                    result = operator.applyAsLong(result, warp.get(from, lane));
                }
                for (int lane : warp.lanes(group)) {
                    warp.set(to, lane, result);
                }
            }
        };
    }

    /** {@code ldmatrix} and {@code stmatrix}: 8 by 8 values of 16 bits, one row of 16 bytes at the address of each lane. */
    static Step matrix(Decoding decoding) {
        boolean loads = decoding.name().equals("ldmatrix");
        decoding.type();
        decoding.take("sync");
        decoding.take("aligned");
        Space space = Space.of(decoding);
        boolean transposed = decoding.take("trans");
        String count = decoding.takeOne("x1", "x2", "x4");
        if (!decoding.take("m8n8") || count == null) {
            throw decoding.refuse("has a shape that the simulator does not model");
        }
        Access access = Access.of(decoding, loads ? 1 : 0, space, ROW_BYTES);
        PtxOperand.Register[] fragments = decoding.destinations(loads ? 0 : 1);
        decoding.finish();
        return (warp, lanes) -> {
            int rows = fragments.length * 8 == Lanes.COUNT ? -1 : (1 << fragments.length * 8) - 1;
            access.count(warp, rows);
            if (lanes != -1) {
                warp.block.launch.findings.add(
                        Finding.Kind.DIVERGENT_BARRIER,
                        warp,
                        "only some lanes of a warp run '" + decoding.name() + "'");
            }
            for (int lane : warp.lanes(rows)) {
                int at = access.locate(warp, lane, ROW_BYTES);
                Area area = access.area(warp, lane);
                if (at < 0) {
                    continue;
                }
                if (loads) {
                    access.checkRead(warp, lane, area, at, ROW_BYTES, false);
                } else {
                    access.checkWrite(warp, lane, area, at, ROW_BYTES, false);
                }
                row(warp, fragments[lane / 8], lane % 8, area, at, transposed, loads);
                if (!loads) {
                    Access.wrote(warp, lane, area, at, ROW_BYTES, false);
                }
            }
        };
    }

    /** Between one row in memory and the registers: lane l has the values 2 (l % 4) and the next of row l / 4. */
    private static void row(
            Warp warp, PtxOperand.Register to, int row, Area area, int at, boolean transposed, boolean loads) {
        for (int column = 0; column < 8; column++) {
            int lane = transposed ? column * 4 + row / 2 : row * 4 + column / 2;
            int shift = Short.SIZE * ((transposed ? row : column) % 2);
            long both = warp.get(to.slot(), lane);
            if (loads) {
                long value = area.get(at + column * Short.BYTES, Short.BYTES);
                warp.set(to, lane, both & ~(0xffffL << shift) | value << shift);
            } else {
                area.put(at + column * Short.BYTES, Short.BYTES, both >>> shift);
            }
        }
    }
}
