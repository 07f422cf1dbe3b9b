package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * Memory that comes and goes with every operation, in blocks that are kept for the next one instead of returned to the driver, which
 * would wait for the GPU each time. Requests are placed at the first gap that has room, and neighbouring gaps become one. Whoever takes
 * what was given back works behind its former owner on the same stream.
 */
final class ScratchArena implements AutoCloseable {
    /** What is taken begins at multiples of this, as freshly allocated memory does. */
    private static final long ALIGNMENT = 256;

    private final DeviceBuffer.Memory memory;
    private final List<Block> blocks = new ArrayList<>();
    private int pins;

    /** Memory of the driver's, and its gaps: sizes by offset. */
    private record Block(DeviceBuffer memory, TreeMap<Long, Long> gaps) {
        Block(DeviceBuffer memory) {
            this(memory, new TreeMap<>(Map.of(0L, memory.bytes())));
        }

        boolean isIdle() {
            return gaps.size() == 1 && gaps.firstEntry().getValue() == memory.bytes();
        }

        /** The offset of {@code bytes} bytes in the first gap that has room; -1 if there is none. */
        long take(long bytes) {
            for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
                if (gap.getValue() >= bytes) {
                    long offset = gap.getKey();
                    long left = gap.getValue() - bytes;
                    gaps.remove(offset);
                    if (left > 0) {
                        gaps.put(offset + bytes, left);
                    }
                    return offset;
                }
            }
            return -1;
        }

        void giveBack(long offset, long bytes) {
            long from = offset;
            long to = offset + bytes;
            Map.Entry<Long, Long> before = gaps.lowerEntry(offset);
            if (before != null && before.getKey() + before.getValue() == from) {
                from = before.getKey();
            }
            Long behind = gaps.remove(to);
            gaps.put(from, to - from + (behind == null ? 0 : behind));
        }
    }

    ScratchArena(DeviceBuffer.Memory memory) {
        this.memory = memory;
    }

    /** {@code bytes} bytes of undefined content. */
    Scratch take(String purpose, long bytes) {
        long size = aligned(bytes);
        for (Block block : blocks) {
            long offset = block.take(size);
            if (offset >= 0) {
                return lend(block, offset, size);
            }
        }
        Block grown = grow(purpose, size);
        return lend(grown, grown.take(size), size);
    }

    private static Scratch lend(Block block, long offset, long size) {
        return new Scratch(block.memory().view(offset, size), () -> block.giveBack(offset, size));
    }

    /** One block in place of all that are idle, so that larger work does not leave them behind. */
    private Block grow(String purpose, long size) {
        if (pins == 0) {
            close();
        }
        Block block = new Block(allocate(purpose, size));
        blocks.add(block);
        return block;
    }

    /** Memory from the driver, for good; what lies idle here makes room for it if it must. */
    DeviceBuffer allocate(String purpose, long bytes) {
        try {
            return memory.allocate(purpose, bytes);
        } catch (MxForgeException e) {
            if (pins > 0 || blocks.stream().noneMatch(Block::isIdle)) {
                throw e;
            }
            close();
            return memory.allocate(purpose, bytes);
        }
    }

    /** Bytes of the driver's that are here. */
    long bytes() {
        return blocks.stream().mapToLong(block -> block.memory().bytes()).sum();
    }

    /** Whether nothing of it is taken. */
    boolean isIdle() {
        return blocks.stream().allMatch(Block::isIdle);
    }

    /** Keeps all blocks where they are, since their addresses were recorded, until {@link #unpin} was called as often. */
    void pin() {
        pins++;
    }

    void unpin() {
        pins--;
        if (pins == 0) {
            close();
        }
    }

    private static long aligned(long bytes) {
        return Math.max(1, (bytes + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT;
    }

    /** Returns what nobody uses to the driver, which waits for what still runs in it. */
    @Override
    public void close() {
        blocks.removeIf(block -> {
            if (block.isIdle()) {
                block.memory().close();
            }
            return block.isIdle();
        });
    }
}
