package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * The scratch memory of one stream: what operations take, and apart from it what recorded steps take, whose addresses are in graphs
 * and must stay. All steps share theirs, since none of them leaves anything in it that another run reads. Products take turns with what
 * an {@link AheadStream} writes for them, so that it may do so for the next while one is at work.
 */
final class ScratchMemory implements AutoCloseable {
    /** How many products may have memory that is written ahead. */
    static final int TURNS = 2;

    private final ScratchArena common;
    private final ScratchArena steps;
    private final List<ScratchArena> turns;
    private ScratchArena current;

    ScratchMemory(DeviceBuffer.Memory memory) {
        this.common = new ScratchArena(memory);
        this.steps = new ScratchArena(memory);
        this.turns =
                Stream.generate(() -> new ScratchArena(memory)).limit(TURNS).toList();
        this.current = common;
    }

    /** {@code bytes} bytes of undefined content. */
    Scratch take(String purpose, long bytes) {
        return current.take(purpose, bytes);
    }

    /** The same, of the memory of a turn. */
    Scratch take(int turn, String purpose, long bytes) {
        return turns.get(turn).take(purpose, bytes);
    }

    /** Whether it is taken for a step that may be recorded. */
    boolean isOfSteps() {
        return current == steps;
    }

    /** Memory from the driver, for good; what lies idle here makes room for it if it must. */
    DeviceBuffer allocate(String purpose, long bytes) {
        return common.allocate(purpose, bytes);
    }

    /** Runs {@code operations}, which give all scratch back that they take, in the memory of the steps. */
    void inSteps(Runnable operations) {
        current = steps;
        try {
            operations.run();
        } finally {
            current = common;
        }
        if (!steps.isIdle()) {
            throw new IllegalStateException("a step that is recorded keeps scratch memory");
        }
    }

    /** Bytes of the driver's that are here. */
    long bytes() {
        return Stream.concat(Stream.of(common, steps), turns.stream())
                .mapToLong(ScratchArena::bytes)
                .sum();
    }

    /** A step more that may be replayed. */
    void pinSteps() {
        steps.pin();
    }

    /** A step less. */
    void unpinSteps() {
        steps.unpin();
    }

    /** Returns what nobody uses to the driver. */
    void trim() {
        common.close();
        turns.forEach(ScratchArena::close);
    }

    @Override
    public void close() {
        trim();
        steps.close();
    }
}
