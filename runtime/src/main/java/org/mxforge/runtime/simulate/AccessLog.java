package org.mxforge.runtime.simulate;

/**
 * Who wrote and read each byte of an area last, and when: finds accesses that nothing puts in order. A warp's time is the number of
 * barriers it has passed; what it knows of the others' time is {@link Warp#knows}.
 *
 * <p>An access is kept as one number: block, time, whether it was atomic, warp, and lane or that there were several. Two readers are kept,
 * of different warps: what a third read can be missed.
 */
final class AccessLog {
    private static final int SEVERAL = Lanes.COUNT;
    private static final int WARP_SHIFT = 6;
    private static final int ATOMIC_SHIFT = 12;
    private static final int TIME_SHIFT = 13;
    private static final int BLOCK_SHIFT = 40;
    private static final long TIME_MASK = (1L << BLOCK_SHIFT - TIME_SHIFT) - 1;

    private final long[] writer;
    private final long[] reader;
    private final long[] earlierReader;

    AccessLog(int bytes) {
        writer = new long[bytes];
        reader = new long[bytes];
        earlierReader = new long[bytes];
    }

    private static long stamp(Warp warp, int lane, boolean atomic) {
        return (long) warp.block.index << BLOCK_SHIFT
                | (long) warp.time() << TIME_SHIFT
                | (atomic ? 1L << ATOMIC_SHIFT : 0)
                | (long) warp.index << WARP_SHIFT
                | lane;
    }

    /** Notes a read; the stamp of a write that it races with, or 0. */
    long read(int offset, int count, Warp warp, int lane, boolean atomic) {
        long race = 0;
        long stamp = stamp(warp, lane, atomic);
        for (int i = offset; i < offset + count; i++) {
            race = ordered(writer[i], warp, lane, atomic) ? race : writer[i];
            long last = reader[i];
            if (sameWarp(last, stamp)) {
                boolean joined = last >>> TIME_SHIFT == stamp >>> TIME_SHIFT && last != stamp;
                reader[i] = joined ? stamp & -(1L << WARP_SHIFT) | SEVERAL : stamp;
            } else {
                earlierReader[i] = last;
                reader[i] = stamp;
            }
        }
        return race;
    }

    /** The stamp of an access that a write would race with, or 0. */
    long before(int offset, int count, Warp warp, int lane, boolean atomic) {
        for (int i = offset; i < offset + count; i++) {
            if (!ordered(writer[i], warp, lane, atomic)) {
                return writer[i];
            }
            if (!ordered(reader[i], warp, lane, atomic)) {
                return reader[i];
            }
            if (!ordered(earlierReader[i], warp, lane, atomic)) {
                return earlierReader[i];
            }
        }
        return 0;
    }

    /** Notes a write. */
    void write(int offset, int count, Warp warp, int lane, boolean atomic) {
        long stamp = stamp(warp, lane, atomic);
        for (int i = offset; i < offset + count; i++) {
            writer[i] = stamp;
        }
    }

    private static boolean sameWarp(long a, long b) {
        long where = -1L << BLOCK_SHIFT | (1L << ATOMIC_SHIFT) - (1L << WARP_SHIFT);
        return (a & where) == (b & where) && a != 0;
    }

    private static boolean ordered(long access, Warp warp, int lane, boolean atomic) {
        if (access == 0 || atomic && (access >> ATOMIC_SHIFT & 1) != 0) {
            return true;
        }
        if (access >>> BLOCK_SHIFT != warp.block.index) {
            return false;
        }
        long time = access >>> TIME_SHIFT & TIME_MASK;
        int other = warp(access);
        if (other == warp.index) {
            return (access & (1L << WARP_SHIFT) - 1) == lane || time < warp.time();
        }
        return time <= warp.knows(other);
    }

    private static int warp(long access) {
        return (int) (access >> WARP_SHIFT) & (1 << ATOMIC_SHIFT - WARP_SHIFT) - 1;
    }

    /** Who an access was made by. */
    static String words(long access) {
        int lane = (int) access & (1 << WARP_SHIFT) - 1;
        return (lane == SEVERAL ? "lanes" : "lane " + lane) + " of warp " + warp(access) + " of block "
                + (access >>> BLOCK_SHIFT);
    }
}
