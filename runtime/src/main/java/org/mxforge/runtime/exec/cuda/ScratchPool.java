package org.mxforge.runtime.exec.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * Memory that comes and goes with every operation, kept for the next one instead of returned to the driver, which would wait for
 * the GPU each time. Whoever takes a returned buffer works behind its former owner on the same stream.
 */
final class ScratchPool implements AutoCloseable {
    private static final long SMALLEST = 256;
    /** A buffer is at most a quarter larger than asked for. */
    private static final int STEPS_PER_DOUBLING = 4;

    private final CudaContext context;
    private final Map<Long, Deque<DeviceBuffer>> free = new HashMap<>();

    ScratchPool(CudaContext context) {
        this.context = context;
    }

    /** At least {@code bytes} bytes of undefined content. */
    Scratch take(String purpose, long bytes) {
        long size = roundUp(bytes);
        DeviceBuffer kept = free.computeIfAbsent(size, s -> new ArrayDeque<>()).poll();
        return new Scratch(this, kept != null ? kept : allocate(purpose, size));
    }

    void giveBack(DeviceBuffer buffer) {
        free.get(buffer.bytes()).push(buffer);
    }

    /** Memory from the driver, for good; what lies idle here makes room for it if it must. */
    DeviceBuffer allocate(String purpose, long size) {
        try {
            return context.allocate(purpose, size);
        } catch (MxForgeException e) {
            if (free.values().stream().allMatch(Deque::isEmpty)) {
                throw e;
            }
            close();
            return context.allocate(purpose, size);
        }
    }

    static long roundUp(long bytes) {
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Long.highestOneBit(bytes - 1) / STEPS_PER_DOUBLING;
        return (bytes + step - 1) / step * step;
    }

    /** Returns what nobody uses to the driver. */
    @Override
    public void close() {
        free.values().forEach(buffers -> {
            buffers.forEach(DeviceBuffer::close);
            buffers.clear();
        });
    }
}
