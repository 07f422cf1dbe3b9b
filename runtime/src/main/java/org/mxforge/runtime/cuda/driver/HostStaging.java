package org.mxforge.runtime.cuda.driver;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.base.ByteSource;

/**
 * Pinned host memory that bytes pass on their way onto the GPU: while one slot of it is copied there, many threads read into the
 * next.
 */
final class HostStaging implements AutoCloseable {
    private static final int SLOTS = 4;
    private static final int SLOT_BYTES = 16 << 20;

    private final List<Slot> slots = new ArrayList<>();
    private int next;

    private record Slot(Pointer memory, ByteBuffer bytes, CudaEvent copied) {
        static Slot make() {
            Pointer memory = new Pointer();
            Cuda.check(JCudaDriver.cuMemAllocHost(memory, SLOT_BYTES), "pin host memory");
            return new Slot(memory, memory.getByteBuffer(0, SLOT_BYTES), new CudaEvent());
        }

        void close() {
            copied.synchronize();
            copied.close();
            JCudaDriver.cuMemFreeHost(memory);
        }
    }

    /**
     * Copies {@code count} bytes of {@code source} from {@code from} on to {@code to}, in the order of {@code stream}; what they are is
     * read when this returns.
     */
    void upload(CudaStream stream, ByteSource source, long from, long count, DeviceBuffer to, long offset) {
        for (long done = 0; done < count; done += SLOT_BYTES) {
            int bytes = (int) Math.min(SLOT_BYTES, count - done);
            Slot slot = slot();
            source.readAll(from + done, slot.bytes().slice(0, bytes));
            to.upload(stream, offset + done, slot.memory(), bytes);
            slot.copied().record(stream);
        }
    }

    /** The next one, once the copy before has read it. */
    private Slot slot() {
        if (slots.size() < SLOTS) {
            slots.add(Slot.make());
            return slots.get(slots.size() - 1);
        }
        Slot slot = slots.get(next);
        next = (next + 1) % SLOTS;
        slot.copied().synchronize();
        return slot;
    }

    @Override
    public void close() {
        slots.forEach(Slot::close);
        slots.clear();
    }
}
