package org.mxforge.runtime.simulate;

import org.mxforge.runtime.simulate.ptx.PtxOperand;

/**
 * How an instruction gets at memory: checks where each lane's access goes, whether it may, and what it meets there.
 *
 * @param space where it goes
 * @param base slot of the address
 * @param offset added to it
 * @param bytes width of the whole access in one lane
 */
record Access(Space space, int base, long offset, int bytes) {
    /**
     * In place of a lane: a tensor core reads for all. It may read what nobody has written, since it multiplies whole tiles, rows that nobody
     * asks for included.
     */
    static final int WHOLE_WARP = Lanes.COUNT;

    /** What accesses are aligned to at most, in bytes. */
    private static final int WIDEST = 16;

    static Access of(Decoding decoding, int operand, Space space, int bytes) {
        if (!(decoding.operand(operand) instanceof PtxOperand.Address address)) {
            throw decoding.refuse("has no address where the simulator looks for one");
        }
        return new Access(space, decoding.source(address.base(), Long.SIZE), address.offset(), bytes);
    }

    long address(Warp warp, int lane) {
        return warp.get(base, lane) + offset + (space == Space.LOCAL ? localStart(warp, lane) : 0);
    }

    Area area(Warp warp, int lane) {
        return space.area(warp, address(warp, lane));
    }

    /** Where a lane's local memory begins in that of its warp. */
    private static int localStart(Warp warp, int lane) {
        return lane * (warp.local().bytes.length / Lanes.COUNT);
    }

    private boolean isAnothersLocal(Warp warp, int lane, long at, int count) {
        return space == Space.LOCAL && (at < localStart(warp, lane) || at + count > localStart(warp, lane + 1));
    }

    /** Where in its area a lane's access is; -1 if it is nowhere. */
    int locate(Warp warp, int lane, int count) {
        long address = address(warp, lane);
        Area area = space.area(warp, address);
        long at = area == null ? 0 : space.offset(area, address);
        if (area == null || !area.contains(at, count) || isAnothersLocal(warp, lane, at, count)) {
            outside(warp, lane, address, area, at, count);
            return -1;
        }
        if (area.isGone() && !warp.block.launch.findings.again(Finding.Kind.RACE, warp)) {
            warp.block.launch.findings.add(
                    Finding.Kind.RACE,
                    warp,
                    warp.words(lane) + " accesses " + place(area, at) + " of a block that has ended already");
        }
        int alignment = Math.min(Integer.lowestOneBit(count), WIDEST);
        if ((address & alignment - 1) != 0) {
            warp.block.launch.findings.add(
                    Finding.Kind.MISALIGNED,
                    warp,
                    warp.words(lane) + " accesses " + count + " bytes at " + place(area, at)
                            + ", which is no multiple of " + alignment);
        }
        return (int) at;
    }

    /** Finds an access to global memory of a lane that has not yet waited for the kernels before, in a kernel that waits for them. */
    private void checkOrder(Warp warp, int lane, Area area, boolean writes) {
        if (area.isGlobal()
                && (writes || !warp.block.launch.settled.contains(area))
                && warp.isEarly(lane)
                && !warp.block.launch.findings.again(Finding.Kind.EARLY, warp)) {
            warp.block.launch.findings.add(
                    Finding.Kind.EARLY,
                    warp,
                    warp.words(lane) + " accesses " + area + " before it has waited for the kernels before this one");
        }
    }

    private static void outside(Warp warp, int lane, long address, Area area, long at, int count) {
        Findings findings = warp.block.launch.findings;
        if (!findings.again(Finding.Kind.OUT_OF_BOUNDS, warp)) {
            findings.add(
                    Finding.Kind.OUT_OF_BOUNDS,
                    warp,
                    warp.words(lane) + " accesses " + count + " bytes at "
                            + (area == null
                                    ? "address 0x" + Long.toHexString(address) + ", where nothing is"
                                    : place(area, at) + ", which has " + area.bytes.length));
        }
    }

    private static String place(Area area, long at) {
        return "byte " + at + " of " + area;
    }

    /** What a lane, or {@link #WHOLE_WARP}, may have to be told about reading {@code count} bytes. */
    void checkRead(Warp warp, int lane, Area area, int at, int count, boolean atomic) {
        checkOrder(warp, lane, area, false);
        Findings findings = warp.block.launch.findings;
        if (area.isBeingCopied(at, count)) {
            if (!findings.again(Finding.Kind.UNFINISHED, warp)) {
                findings.add(
                        Finding.Kind.UNFINISHED,
                        warp,
                        warp.words(lane) + " reads " + place(area, at) + " while an asynchronous copy fills it");
            }
        } else if (lane != WHOLE_WARP
                && !area.isWritten(at, count)
                && !findings.again(Finding.Kind.NEVER_WRITTEN, warp)) {
            findings.add(
                    Finding.Kind.NEVER_WRITTEN,
                    warp,
                    warp.words(lane) + " reads " + place(area, at) + ", which nobody has written");
        }
        AccessLog.Earlier race = area.log().read(at, count, warp, lane, atomic);
        if (race != null && !findings.again(Finding.Kind.RACE, warp)) {
            findings.add(
                    Finding.Kind.RACE,
                    warp,
                    warp.words(lane) + " reads " + place(area, at) + ", which " + race.words(warp)
                            + ", and no barrier lies between");
        }
    }

    /** The same about writing; {@link #write} follows when all lanes were checked. */
    void checkWrite(Warp warp, int lane, Area area, int at, int count, boolean atomic) {
        checkOrder(warp, lane, area, true);
        Findings findings = warp.block.launch.findings;
        if (area.isBeingCopied(at, count) && !findings.again(Finding.Kind.UNFINISHED, warp)) {
            findings.add(
                    Finding.Kind.UNFINISHED,
                    warp,
                    warp.words(lane) + " writes " + place(area, at) + " while an asynchronous copy fills it");
        }
        AccessLog.Earlier race = area.log().before(at, count, warp, lane, atomic);
        if (race != null && !findings.again(Finding.Kind.RACE, warp)) {
            findings.add(
                    Finding.Kind.RACE,
                    warp,
                    warp.words(lane) + " writes " + place(area, at) + ", which " + race.words(warp)
                            + ", and no barrier lies between");
        }
    }

    /** What a lane may have to be told about writing a result, which {@link #wrote} notes: that it is not the first. */
    void checkFirst(Warp warp, int lane, Area area, int at, int count, boolean atomic) {
        if (!area.isResult() || atomic) {
            return;
        }
        Findings findings = warp.block.launch.findings;
        AccessLog.Earlier first = area.log().written(at, count);
        if (first != null
                && !findings.has(Finding.Kind.RACE, warp)
                && !findings.again(Finding.Kind.WRITTEN_TWICE, warp)) {
            findings.add(
                    Finding.Kind.WRITTEN_TWICE,
                    warp,
                    warp.words(lane) + " writes " + place(area, at) + ", a result, which " + first.words(warp)
                            + " before");
        }
    }

    /** Notes that a lane has written, by the instruction that its warp is at. */
    static void wrote(Warp warp, int lane, Area area, int at, int count, boolean atomic) {
        wrote(warp, warp.at(), lane, area, at, count, atomic);
    }

    /** The same by another instruction. */
    static void wrote(Warp warp, int instruction, int lane, Area area, int at, int count, boolean atomic) {
        area.markWritten(at, count);
        area.log().write(at, count, warp, instruction, lane, atomic);
    }

    /** Counts one access of a warp, unless it is to local memory, of which emitted kernels have none. */
    void count(Warp warp, int lanes) {
        if (space == Space.LOCAL) {
            return;
        }
        long[] addresses = warp.addresses;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Integer.numberOfTrailingZeros(rest);
            addresses[lane] = address(warp, lane);
        }
        Traffic traffic = warp.block.launch.traffic;
        if (area(warp, Integer.numberOfTrailingZeros(lanes)) == warp.block.shared) {
            traffic.shared(addresses, lanes, bytes);
        } else {
            traffic.global(addresses, lanes, bytes);
        }
    }
}
