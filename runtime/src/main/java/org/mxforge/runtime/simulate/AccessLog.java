package org.mxforge.runtime.simulate;

import java.util.Arrays;

/**
 * Who wrote and read each byte of an area last, and when: finds accesses that nothing puts in order. A warp's time is the number of
 * barriers it has passed; what it knows of the others' time is {@link Warp#knows}.
 *
 * <p>An access is kept as one number: cluster, time, whether the copy engine made it or it was atomic, warp, and lane or that there were several. Two readers are kept,
 * of different warps: what a third read can be missed.
 */
final class AccessLog {
    private static final int SEVERAL = Lanes.COUNT;
    private static final int WARP_SHIFT = 6;
    private static final int ATOMIC_SHIFT = 14;
    private static final int ENGINE_SHIFT = 15;
    private static final int TIME_SHIFT = 16;
    private static final int CLUSTER_SHIFT = 40;
    private static final long TIME_MASK = (1L << CLUSTER_SHIFT - TIME_SHIFT) - 1;

    private final long[] writer;
    private final long[] reader;
    private final long[] earlierReader;

    AccessLog(int bytes) {
        writer = new long[bytes];
        reader = new long[bytes];
        earlierReader = new long[bytes];
    }

    private static long stamp(Warp warp, int lane, boolean atomic) {
        return (long) cluster(warp) << CLUSTER_SHIFT
                | (long) warp.time() << TIME_SHIFT
                | (atomic ? 1L << ATOMIC_SHIFT : 0)
                | (long) warp.number << WARP_SHIFT
                | lane;
    }

    private static int cluster(Warp warp) {
        return warp.block.index / warp.block.cluster.blocks.size();
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

    /** Notes a write by the copy engine, which {@code warp} asked for at {@code time}. */
    void writeByEngine(int offset, int count, Warp warp, int time) {
        long stamp = (long) cluster(warp) << CLUSTER_SHIFT
                | (long) time << TIME_SHIFT
                | 1L << ENGINE_SHIFT
                | (long) warp.number << WARP_SHIFT
                | SEVERAL;
        Arrays.fill(writer, offset, offset + count, stamp);
    }

    /**
     * The stamp of a write by an instruction that the copy engine or a tensor core may not see yet if it reads for {@code warp}, or 0: neither
     * the writer, behind the write, nor the reader has made a fence for them.
     */
    long unfenced(int offset, int count, Warp warp) {
        for (int i = offset; i < offset + count; i++) {
            long access = writer[i];
            if (access != 0 && (access >> ENGINE_SHIFT & 1) == 0 && access >>> CLUSTER_SHIFT == cluster(warp)) {
                Warp other = warp.block.cluster.warp(number(access));
                long time = access >>> TIME_SHIFT & TIME_MASK;
                if (other.fenceTime() <= time && warp.fenceTime() < warp.time()) {
                    return access;
                }
            }
        }
        return 0;
    }

    private static boolean sameWarp(long a, long b) {
        long where = -1L << CLUSTER_SHIFT | (1L << ATOMIC_SHIFT) - (1L << WARP_SHIFT);
        return (a & where) == (b & where) && a != 0;
    }

    private static boolean ordered(long access, Warp warp, int lane, boolean atomic) {
        if (access == 0 || atomic && (access >> ATOMIC_SHIFT & 1) != 0) {
            return true;
        }
        if (access >>> CLUSTER_SHIFT != cluster(warp)) {
            return false;
        }
        long time = access >>> TIME_SHIFT & TIME_MASK;
        int other = number(access);
        if (other == warp.number) {
            return (access & (1L << WARP_SHIFT) - 1) == lane || time < warp.time();
        }
        return time <= warp.knows(other);
    }

    private static int number(long access) {
        return (int) (access >> WARP_SHIFT) & (1 << ATOMIC_SHIFT - WARP_SHIFT) - 1;
    }

    /** Who made an access that {@code warp} came upon. */
    static String words(long access, Warp warp) {
        int lane = (int) access & (1 << WARP_SHIFT) - 1;
        int warps = warp.block.launch.shape.warps();
        long block = (access >>> CLUSTER_SHIFT) * warp.block.cluster.blocks.size() + number(access) / warps;
        String who = (access >> ENGINE_SHIFT & 1) != 0
                ? "a copy for"
                : lane == SEVERAL ? "lanes of" : "lane " + lane + " of";
        return who + " warp " + number(access) % warps + " of block " + block;
    }
}
