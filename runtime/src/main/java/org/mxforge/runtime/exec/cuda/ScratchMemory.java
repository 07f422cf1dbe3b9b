package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * The scratch memory of one stream: what operations take, and apart from it what recorded steps take, whose addresses are in graphs
 * and must stay. All steps share theirs, since none of them leaves anything in it that another run reads.
 */
final class ScratchMemory implements AutoCloseable {
    private final ScratchArena common;
    private final ScratchArena steps;
    private ScratchArena current;

    ScratchMemory(DeviceBuffer.Memory memory) {
        this.common = new ScratchArena(memory);
        this.steps = new ScratchArena(memory);
        this.current = common;
    }

    /** {@code bytes} bytes of undefined content. */
    Scratch take(String purpose, long bytes) {
        return current.take(purpose, bytes);
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
        return common.bytes() + steps.bytes();
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
    }

    @Override
    public void close() {
        common.close();
        steps.close();
    }
}
