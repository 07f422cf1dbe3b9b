package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxOperand;
import org.mxforge.runtime.simulate.ptx.PtxType;

/** {@code mbarrier}, the copies that report to one, and the barrier of a cluster. */
final class MbarrierInstructions {
    private static final int BARRIER_BYTES = 8;
    private static final int COPY_UNIT = 16;

    private MbarrierInstructions() {}

    static Step decode(Decoding decoding) {
        String what = decoding.takeNext();
        boolean parity = decoding.take("parity");
        boolean expects = decoding.take("expect_tx");
        decoding.takeOne("release", "acquire", "relaxed");
        decoding.takeOne("cta", "cluster");
        decoding.takeOne("shared::cta", "shared");
        if (!decoding.take("b64")) {
            throw decoding.refuse("has a form that the simulator does not model");
        }
        return switch (what) {
            case "init" -> initialise(decoding);
            case "arrive" -> arrive(decoding, expects);
            case "try_wait" -> await(decoding, parity);
            default -> throw decoding.refuse("has a form that the simulator does not model");
        };
    }

    private static Step initialise(Decoding decoding) {
        Access access = barrier(decoding, 0);
        int count = decoding.source(1, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                int at = access.locate(warp, lane, BARRIER_BYTES);
                if (at >= 0) {
                    access.checkWrite(warp, lane, warp.block.shared, at, BARRIER_BYTES, false);
                    Access.wrote(warp, lane, warp.block.shared, at, BARRIER_BYTES, false);
                    warp.block.makeMbarrier(at, (int) warp.get(count, lane));
                }
            }
        };
    }

    /** The barrier that a lane names; null, which is found, if there is none. Its making must be over for the lane. */
    private static Mbarrier find(Warp warp, int lane, Access access) {
        int at = access.locate(warp, lane, BARRIER_BYTES);
        if (at < 0) {
            return null;
        }
        Block block = Space.block(warp, access.address(warp, lane));
        access.checkRead(warp, lane, block.shared, at, BARRIER_BYTES, true);
        return block.mbarrier(at);
    }

    /** The operand that names a barrier. */
    static Access barrier(Decoding decoding, int operand) {
        return Access.of(decoding, operand, Space.SHARED, BARRIER_BYTES);
    }

    /** Tells the barriers that lanes name that so many bytes of each have come. */
    static void complete(Warp warp, int lanes, Access access, int bytes) {
        for (int lane : warp.lanes(lanes)) {
            Mbarrier barrier = find(warp, lane, access);
            if (barrier != null) {
                barrier.complete(bytes, warp);
            }
        }
        warp.learn(warp.known());
    }

    private static Step arrive(Decoding decoding, boolean expects) {
        if (!(decoding.operand(0) instanceof PtxOperand.Sink)) {
            throw decoding.refuse("gives a state, which the simulator does not model");
        }
        Access access = barrier(decoding, 1);
        int bytes = expects ? decoding.source(2, Integer.SIZE) : -1;
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                Mbarrier barrier = find(warp, lane, access);
                if (barrier != null) {
                    if (expects) {
                        barrier.expect(warp.get(bytes, lane));
                    }
                    barrier.arrive(warp);
                }
            }
            warp.learn(warp.known());
        };
    }

    private static Step await(Decoding decoding, boolean parity) {
        if (!parity) {
            throw decoding.refuse("waits for a state, which the simulator does not model");
        }
        PtxOperand.Register done = decoding.destination(0);
        Access access = barrier(decoding, 1);
        int phase = decoding.source(2, Integer.SIZE);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                Mbarrier barrier = find(warp, lane, access);
                if (barrier != null && !barrier.isComplete((int) warp.get(phase, lane) & 1, warp)) {
                    warp.awaitAndRepeat();
                    return;
                }
                warp.set(done, lane, 1);
            }
        };
    }

    /** {@code cp.async.bulk} from global to shared memory, behind its first two words. */
    static Step copy(Decoding decoding) {
        if (decoding.takeOne("shared::cluster", "shared::cta") == null
                || !decoding.take("global")
                || !decoding.take("mbarrier::complete_tx::bytes")) {
            throw decoding.refuse("copies in a way that the simulator does not model");
        }
        Access to = Access.of(decoding, 0, Space.SHARED, COPY_UNIT);
        Access from = Access.of(decoding, 1, Space.GLOBAL, COPY_UNIT);
        int size = decoding.source(2, Integer.SIZE);
        Access barrier = barrier(decoding, 3);
        decoding.finish();
        return (warp, lanes) -> {
            for (int lane : warp.lanes(lanes)) {
                begin(warp, lane, to, from, (int) warp.get(size, lane), find(warp, lane, barrier));
            }
        };
    }

    private static void begin(Warp warp, int lane, Access to, Access from, int bytes, Mbarrier barrier) {
        int target = to.locate(warp, lane, bytes);
        int source = from.locate(warp, lane, bytes);
        if (target < 0 || source < 0 || barrier == null) {
            return;
        }
        if ((bytes | to.address(warp, lane) | from.address(warp, lane)) % COPY_UNIT != 0) {
            warp.block.launch.findings.add(
                    Finding.Kind.MISALIGNED,
                    warp,
                    warp.words(lane) + " copies " + bytes + " bytes between addresses that are not all multiples of "
                            + COPY_UNIT);
        }
        Area global = from.area(warp, lane);
        Area shared = to.area(warp, lane);
        from.checkRead(warp, lane, global, source, bytes, false);
        to.checkWrite(warp, lane, shared, target, bytes, false);
        shared.copying(target, bytes, 1);
        int[] known = warp.known().clone();
        barrier.add(new BulkCopy(warp, warp.at(), warp.time(), known, global, source, shared, target, bytes));
        warp.learn(warp.known());
    }

    /** {@code barrier.cluster}, behind its first two words. */
    static Step cluster(Decoding decoding) {
        boolean arrives = decoding.take("arrive");
        if (!arrives && !decoding.take("wait")) {
            throw decoding.refuse("is a barrier that the simulator does not model");
        }
        decoding.takeOne("release", "relaxed", "acquire");
        decoding.take("aligned");
        decoding.finish();
        return (warp, lanes) -> {
            if (arrives) {
                warp.clusterPhase = warp.block.cluster.arrive(warp);
            } else if (!warp.block.cluster.isComplete(warp.clusterPhase, warp)) {
                warp.awaitAndRepeat();
            }
        };
    }

    /** {@code mapa}: where another block of the cluster has what this one has at an address. */
    static Step map(Decoding decoding) {
        PtxType type = decoding.type();
        if (!decoding.take("shared::cluster")) {
            throw decoding.refuse("is about a space that the simulator does not model");
        }
        return decoding.binary(type.bits(), Space::ofBlock);
    }
}
