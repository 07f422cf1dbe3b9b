package org.mxforge.runtime.simulate;

import java.util.function.LongBinaryOperator;
import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** Loads, stores and atomics. */
final class MemoryInstructions {
    private MemoryInstructions() {}

    static Step load(Decoding decoding) {
        PtxType type = decoding.type();
        if (decoding.take("param")) {
            return parameter(decoding, type);
        }
        boolean atomic = order(decoding);
        Space space = Space.of(decoding);
        PtxOperand.Register[] to = decoding.destinations(0);
        cachingAndWidth(decoding, to.length);
        int bytes = type.bytes();
        Access access = Access.of(decoding, 1, space, bytes * to.length);
        decoding.finish();
        return (warp, lanes) -> {
            access.count(warp, lanes);
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                Area area = access.area(warp, lane);
                int at = access.locate(warp, lane, access.bytes());
                if (at >= 0) {
                    access.checkRead(warp, lane, area, at, access.bytes(), atomic);
                }
                for (int i = 0; i < to.length; i++) {
                    warp.set(to[i], lane, at < 0 ? 0 : type.extend(area.get(at + i * bytes, bytes)));
                }
            }
        };
    }

    /** What the kernel was launched with. */
    private static Step parameter(Decoding decoding, PtxType type) {
        PtxOperand.Register[] to = decoding.destinations(0);
        cachingAndWidth(decoding, to.length);
        if (!(decoding.operand(1) instanceof PtxOperand.Address address)
                || !(address.base() instanceof PtxOperand.Immediate start)) {
            throw decoding.refuse("reads a parameter in a way that the simulator does not model");
        }
        decoding.finish();
        int from = (int) (start.bits() + address.offset());
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                for (int i = 0; i < to.length; i++) {
                    warp.set(
                            to[i],
                            lane,
                            type.extend(warp.block.launch.parameters.get(from + i * type.bytes(), type.bytes())));
                }
            }
        };
    }

    static Step store(Decoding decoding) {
        PtxType type = decoding.type();
        if (decoding.take("async")) {
            return reported(decoding, type);
        }
        boolean atomic = order(decoding);
        Space space = Space.of(decoding);
        int[] from = decoding.sources(1, type.bits());
        cachingAndWidth(decoding, from.length);
        Access access = Access.of(decoding, 0, space, type.bytes() * from.length);
        decoding.finish();
        return storing(access, from, type.bytes(), atomic);
    }

    /** {@code st.async} into the shared memory of a block of the cluster, done at once: a barrier there is told its bytes. */
    private static Step reported(Decoding decoding, PtxType type) {
        decoding.take("weak");
        if (!decoding.take("shared::cluster") || !decoding.take("mbarrier::complete_tx::bytes")) {
            throw decoding.refuse("stores in a way that the simulator does not model");
        }
        int[] from = decoding.sources(1, type.bits());
        cachingAndWidth(decoding, from.length);
        Access access = Access.of(decoding, 0, Space.SHARED, type.bytes() * from.length);
        Access barrier = MbarrierInstructions.barrier(decoding, 2);
        decoding.finish();
        Step storing = storing(access, from, type.bytes(), false);
        return (warp, lanes) -> {
            storing.run(warp, lanes);
            MbarrierInstructions.complete(warp, lanes, barrier, access.bytes());
        };
    }

    private static Step storing(Access access, int[] from, int bytes, boolean atomic) {
        return (warp, lanes) -> {
            access.count(warp, lanes);
            int right = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                int at = access.locate(warp, lane, access.bytes());
                if (at >= 0) {
                    access.checkWrite(warp, lane, access.area(warp, lane), at, access.bytes(), atomic);
                    right |= 1 << lane;
                }
            }
            for (int rest = right; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                Area area = access.area(warp, lane);
                int at = (int) access.space().offset(area, access.address(warp, lane));
                for (int i = 0; i < from.length; i++) {
                    area.put(at + i * bytes, bytes, warp.get(from[i], lane));
                }
                access.checkFirst(warp, lane, area, at, access.bytes(), atomic);
                Access.wrote(warp, lane, area, at, access.bytes(), atomic);
            }
        };
    }

    /** {@code prefetch}: there are no caches here, and what is not there is not asked for on a GPU either. */
    static Step prefetch(Decoding decoding) {
        Space space = Space.of(decoding);
        decoding.takeOne("L1", "L2");
        Access.of(decoding, 0, space, 1);
        decoding.finish();
        return (warp, lanes) -> {};
    }

    /** {@code atom} and {@code red}: lane after lane. */
    static Step atomic(Decoding decoding) {
        PtxType type = decoding.type();
        boolean returns = decoding.name().equals("atom");
        order(decoding);
        Space space = Space.of(decoding);
        String operation = decoding.takeNext();
        PtxOperand.Register to = returns ? decoding.destination(0) : null;
        int first = returns ? 1 : 0;
        Access access = Access.of(decoding, first, space, type.bytes());
        int b = decoding.source(first + 1, type.bits());
        boolean swaps = operation.equals("cas");
        int c = swaps ? decoding.source(first + 2, type.bits()) : b;
        LongBinaryOperator operator = swaps ? (old, given) -> given : operator(decoding, operation, type);
        decoding.finish();
        return (warp, lanes) -> {
            access.count(warp, lanes);
            for (int lane : warp.lanes(lanes)) {
                int at = access.locate(warp, lane, type.bytes());
                if (at < 0) {
                    continue;
                }
                Area area = access.area(warp, lane);
                access.checkRead(warp, lane, area, at, type.bytes(), true);
                access.checkWrite(warp, lane, area, at, type.bytes(), true);
                long old = area.get(at, type.bytes());
                if (!swaps || old == warp.get(b, lane)) {
                    area.put(at, type.bytes(), operator.applyAsLong(old, warp.get(c, lane)));
                }
                Access.wrote(warp, lane, area, at, type.bytes(), true);
                if (to != null) {
                    warp.set(to, lane, old);
                }
            }
        };
    }

    private static LongBinaryOperator operator(Decoding decoding, String operation, PtxType type) {
        if (type.isFloat() && operation.equals("add") && type.bits() == Integer.SIZE) {
            return (a, b) -> FloatInstructions.bits(FloatInstructions.single(a) + FloatInstructions.single(b));
        }
        if (type.isFloat()) {
            throw decoding.refuse("is an atomic that the simulator does not model");
        }
        return switch (operation) {
            case "add" -> (a, b) -> a + b;
            case "exch" -> (a, b) -> b;
            case "and" -> (a, b) -> a & b;
            case "or" -> (a, b) -> a | b;
            case "xor" -> (a, b) -> a ^ b;
            case "inc" -> (a, b) -> a >= b ? 0 : a + 1;
            case "max" -> (a, b) -> IntegerInstructions.compare(type, a, b) > 0 ? a : b;
            case "min" -> (a, b) -> IntegerInstructions.compare(type, a, b) < 0 ? a : b;
            default -> throw decoding.refuse("is an atomic that the simulator does not model");
        };
    }

    /** Takes what orders an access; whether others may access the same place at the same time. */
    private static boolean order(Decoding decoding) {
        String semantics = decoding.takeOne("relaxed", "acquire", "release", "acq_rel", "volatile");
        decoding.takeOne("cta", "cluster", "gpu", "sys");
        decoding.take("weak");
        return semantics != null;
    }

    /** Takes what changes only the speed, and checks the number of elements. */
    private static void cachingAndWidth(Decoding decoding, int elements) {
        decoding.take("nc");
        decoding.takeOne("ca", "cg", "cs", "lu", "cv", "wb", "wt");
        decoding.takeOne("L1::no_allocate", "L1::evict_first", "L1::evict_last", "L1::evict_normal");
        decoding.takeOne("L2::64B", "L2::128B", "L2::256B");
        if (elements > 1 && !decoding.take("v" + elements)) {
            throw decoding.refuse("has " + elements + " elements, but does not say so");
        }
    }
}
