package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxOperand;

/** Barriers, fences and asynchronous copies. */
final class SyncInstructions {
    private SyncInstructions() {}

    /** {@code bar} and {@code barrier}. */
    static Step barrier(Decoding decoding) {
        if (decoding.take("cluster")) {
            return MbarrierInstructions.cluster(decoding);
        }
        decoding.take("cta");
        decoding.take("aligned");
        if (decoding.take("warp")) {
            decoding.take("sync");
            int members = decoding.source(0, Integer.SIZE);
            decoding.finish();
            return (warp, lanes) -> {
                WarpInstructions.groups(warp, members, lanes);
                warp.learn(warp.known());
            };
        }
        boolean waits = decoding.take("sync");
        if (!waits && !decoding.take("arrive")) {
            throw decoding.refuse("is a barrier that the simulator does not model");
        }
        int number = decoding.source(0, Integer.SIZE);
        int threads = decoding.operands() > 1 ? decoding.source(1, Integer.SIZE) : -1;
        decoding.finish();
        return (warp, lanes) -> {
            if (lanes != warp.alive()) {
                warp.block.launch.findings.add(
                        Finding.Kind.DIVERGENT_BARRIER,
                        warp,
                        "only some lanes of warp " + warp.index + " of block " + warp.block.index
                                + " come to a barrier of whole warps");
            }
            int first = Integer.numberOfTrailingZeros(lanes);
            int wanted = threads < 0 ? 0 : (int) warp.get(threads, first) / Lanes.COUNT;
            warp.block.come(warp, (int) warp.get(number, first), wanted, waits);
        };
    }

    /** {@code griddepcontrol}: a launch is alone here, so that what it waits for is done. */
    static Step dependence(Decoding decoding) {
        boolean waits = decoding.take("wait");
        if (!waits && !decoding.take("launch_dependents")) {
            throw decoding.refuse("is not modelled");
        }
        decoding.finish();
        return (warp, lanes) -> {
            if (waits) {
                warp.awaitedBefore(lanes);
            }
        };
    }

    /** {@code cp.async} and what waits for it. */
    static Step copy(Decoding decoding) {
        if (!decoding.take("async")) {
            throw decoding.refuse("is not modelled");
        }
        if (decoding.take("bulk")) {
            return MbarrierInstructions.copy(decoding);
        }
        if (decoding.take("commit_group")) {
            decoding.finish();
            return (warp, lanes) -> warp.copies.commit();
        }
        if (decoding.take("wait_all")) {
            decoding.finish();
            return (warp, lanes) -> warp.copies.awaitAll();
        }
        if (decoding.take("wait_group")) {
            int most = decoding.source(0, Integer.SIZE);
            decoding.finish();
            return (warp, lanes) -> warp.copies.await((int) warp.get(most, Integer.numberOfTrailingZeros(lanes)));
        }
        decoding.takeOne("ca", "cg");
        decoding.takeOne("L2::64B", "L2::128B", "L2::256B");
        if (decoding.takeOne("shared", "shared::cta") == null || !decoding.take("global")) {
            throw decoding.refuse("copies between spaces that the simulator does not model");
        }
        if (!(decoding.operand(2) instanceof PtxOperand.Immediate size)) {
            throw decoding.refuse("copies as much as a register says");
        }
        int bytes = (int) size.bits();
        int given = decoding.operands() > 3 ? decoding.source(3, Integer.SIZE) : decoding.source(2, Integer.SIZE);
        Access to = Access.of(decoding, 0, Space.SHARED, bytes);
        Access from = Access.of(decoding, 1, Space.GLOBAL, bytes);
        decoding.finish();
        return (warp, lanes) -> {
            to.count(warp, lanes);
            int reading = 0;
            for (int lane : warp.lanes(lanes)) {
                reading |= warp.get(given, lane) != 0 ? 1 << lane : 0;
            }
            if (reading != 0) {
                from.count(warp, reading);
            }
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Integer.numberOfTrailingZeros(rest);
                copy(warp, lane, to, from, (int) Math.min(bytes, warp.get(given, lane)));
            }
        };
    }

    private static void copy(Warp warp, int lane, Access to, Access from, int given) {
        int target = to.locate(warp, lane, to.bytes());
        int source = given == 0 ? 0 : from.locate(warp, lane, given);
        if (target < 0 || source < 0) {
            return;
        }
        Area area = given == 0 ? warp.block.shared : from.area(warp, lane);
        if (given > 0) {
            from.checkRead(warp, lane, area, source, given, false);
        }
        to.checkWrite(warp, lane, warp.block.shared, target, to.bytes(), false);
        warp.copies.begin(lane, area, source, given, warp.block.shared, target, to.bytes());
    }

    /** {@code setmaxnreg}: registers are never short here. */
    static Step registers(Decoding decoding) {
        decoding.takeOne("inc", "dec");
        decoding.take("sync");
        decoding.take("aligned");
        decoding.take("u32");
        decoding.finish();
        return (warp, lanes) -> {};
    }

    /** Fences: the simulator runs accesses in the order of the program, and only barriers order those of different warps. */
    static Step fence(Decoding decoding) {
        if (decoding.take("proxy")) {
            decoding.takeOne("async", "async::shared::cta", "async::generic");
            decoding.takeOne("shared::cta", "global");
            decoding.finish();
            return (warp, lanes) -> warp.fence();
        }
        decoding.take("mbarrier_init");
        decoding.takeOne("sc", "acq_rel", "acquire", "release");
        decoding.takeOne("cta", "cluster", "gpu", "sys", "gl");
        decoding.finish();
        return (warp, lanes) -> {};
    }
}
