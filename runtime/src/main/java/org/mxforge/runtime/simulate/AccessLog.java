package org.mxforge.runtime.simulate;

import java.util.Arrays;
import java.util.List;

/**
 * Who wrote and read each byte of an area last, when and by which instruction: finds accesses that nothing puts in order. A warp's time is
 * the number of barriers it has passed; what it knows of the others' time is {@link Warp#knows}.
 *
 * <p>An access is kept as one number: cluster, time, whether the copy engine made it or it was atomic, warp, and lane or that there were
 * several. Two readers are kept, of different warps: what a third read can be missed.
 */
final class AccessLog {
    private static final int SEVERAL = Lanes.COUNT;
    private static final int WARP_SHIFT = 6;
    private static final int ATOMIC_SHIFT = 14;
    private static final int ENGINE_SHIFT = 15;
    private static final int TIME_SHIFT = 16;
    private static final int CLUSTER_SHIFT = 40;
    private static final long TIME_MASK = (1L << CLUSTER_SHIFT - TIME_SHIFT) - 1;

    private final Accesses writer;
    private final Accesses reader;
    private final Accesses earlierReader;

    /** One access to each byte: who and when, and the instruction. */
    private record Accesses(long[] stamps, int[] instructions) {
        Accesses(int bytes) {
            this(new long[bytes], new int[bytes]);
        }

        void set(int i, long stamp, int instruction) {
            stamps[i] = stamp;
            instructions[i] = instruction;
        }
    }

    /**
     * An access that another one comes upon.
     *
     * @param stamp who and when
     * @param instruction which of the program's
     * @param wrote whether it was a write
     */
    record Earlier(long stamp, int instruction, boolean wrote) {
        /** Who did what where, to be told of an access of {@code warp}. */
        String words(Warp warp) {
            int lane = (int) stamp & (1 << WARP_SHIFT) - 1;
            int warps = warp.block.launch.shape.warps();
            long block = (stamp >>> CLUSTER_SHIFT) * warp.block.cluster.blocks.size() + number(stamp) / warps;
            boolean engine = (stamp >> ENGINE_SHIFT & 1) != 0;
            boolean several = !engine && lane == SEVERAL;
            return (engine ? "a copy for" : several ? "lanes of" : "lane " + lane + " of")
                    + " warp " + number(stamp) % warps + " of block " + block + (several ? " have " : " has ")
                    + (wrote ? "written" : "read") + " in " + warp.block.launch.program.line(instruction);
        }
    }

    AccessLog(int bytes) {
        writer = new Accesses(bytes);
        reader = new Accesses(bytes);
        earlierReader = new Accesses(bytes);
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

    /** Notes a read; a write that it races with, or null. */
    Earlier read(int offset, int count, Warp warp, int lane, boolean atomic) {
        Earlier race = null;
        long stamp = stamp(warp, lane, atomic);
        int instruction = warp.at();
        for (int i = offset; i < offset + count; i++) {
            if (!ordered(writer.stamps[i], warp, lane, atomic)) {
                race = new Earlier(writer.stamps[i], writer.instructions[i], true);
            }
            long last = reader.stamps[i];
            if (sameWarp(last, stamp)) {
                boolean joined = last >>> TIME_SHIFT == stamp >>> TIME_SHIFT && last != stamp;
                reader.set(i, joined ? stamp & -(1L << WARP_SHIFT) | SEVERAL : stamp, instruction);
            } else {
                earlierReader.set(i, last, reader.instructions[i]);
                reader.set(i, stamp, instruction);
            }
        }
        return race;
    }

    /** An access that a write would race with, or null. */
    Earlier before(int offset, int count, Warp warp, int lane, boolean atomic) {
        for (int i = offset; i < offset + count; i++) {
            if (!ordered(writer.stamps[i], warp, lane, atomic)) {
                return new Earlier(writer.stamps[i], writer.instructions[i], true);
            }
            if (!ordered(reader.stamps[i], warp, lane, atomic)) {
                return new Earlier(reader.stamps[i], reader.instructions[i], false);
            }
            if (!ordered(earlierReader.stamps[i], warp, lane, atomic)) {
                return new Earlier(earlierReader.stamps[i], earlierReader.instructions[i], false);
            }
        }
        return null;
    }

    /** A write before, other than by an atomic, or null. */
    Earlier written(int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (writer.stamps[i] != 0 && (writer.stamps[i] >> ATOMIC_SHIFT & 1) == 0) {
                return new Earlier(writer.stamps[i], writer.instructions[i], true);
            }
        }
        return null;
    }

    /** Notes a write by the instruction {@code at}. */
    void write(int offset, int count, Warp warp, int at, int lane, boolean atomic) {
        long stamp = stamp(warp, lane, atomic);
        Arrays.fill(writer.stamps, offset, offset + count, stamp);
        Arrays.fill(writer.instructions, offset, offset + count, at);
    }

    /** Notes a write by the copy engine, which {@code warp} asked for at {@code time} by the instruction {@code at}. */
    void writeByEngine(int offset, int count, Warp warp, int at, int time) {
        long stamp = (long) cluster(warp) << CLUSTER_SHIFT
                | (long) time << TIME_SHIFT
                | 1L << ENGINE_SHIFT
                | (long) warp.number << WARP_SHIFT
                | SEVERAL;
        Arrays.fill(writer.stamps, offset, offset + count, stamp);
        Arrays.fill(writer.instructions, offset, offset + count, at);
    }

    /**
     * A write by an instruction that the copy engine or a tensor core may not see yet if it reads for {@code warp}, or null: neither the
     * writer, behind the write, nor the reader has made a fence for them.
     */
    Earlier unfenced(int offset, int count, Warp warp) {
        for (int i = offset; i < offset + count; i++) {
            long access = writer.stamps[i];
            if (access != 0 && (access >> ENGINE_SHIFT & 1) == 0 && access >>> CLUSTER_SHIFT == cluster(warp)) {
                Warp other = warp.block.cluster.warp(number(access));
                if (other.fenceTime() <= time(access) && warp.fenceTime() < warp.time()) {
                    return new Earlier(access, writer.instructions[i], true);
                }
            }
        }
        return null;
    }

    /** An access by a warp of another block that no warp of {@code block} knows to be over, or null. */
    Earlier unknownTo(Block block) {
        for (Accesses accesses : List.of(writer, reader, earlierReader)) {
            for (int i = 0; i < accesses.stamps.length; i++) {
                long access = accesses.stamps[i];
                if (access != 0
                        && block.cluster.warp(number(access)).block != block
                        && block.warps().stream().noneMatch(warp -> time(access) <= warp.knows(number(access)))) {
                    return new Earlier(access, accesses.instructions[i], accesses == writer);
                }
            }
        }
        return null;
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
        int other = number(access);
        if (other == warp.number) {
            return (access & (1L << WARP_SHIFT) - 1) == lane || time(access) < warp.time();
        }
        return time(access) <= warp.knows(other);
    }

    private static long time(long access) {
        return access >>> TIME_SHIFT & TIME_MASK;
    }

    private static int number(long access) {
        return (int) (access >> WARP_SHIFT) & (1 << ATOMIC_SHIFT - WARP_SHIFT) - 1;
    }
}
