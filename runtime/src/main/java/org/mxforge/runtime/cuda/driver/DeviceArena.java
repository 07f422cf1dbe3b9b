package org.mxforge.runtime.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/** GPU memory that is given back together, whatever happened in between. */
public final class DeviceArena implements AutoCloseable {
    private final CudaContext gpu;
    private final List<DeviceBuffer> buffers = new ArrayList<>();

    public DeviceArena(CudaContext gpu) {
        this.gpu = gpu;
    }

    /** Memory of undefined content; {@code purpose} is for the message if it does not suffice. */
    public DeviceBuffer allocate(String purpose, long bytes) {
        DeviceBuffer buffer = gpu.allocate(purpose, bytes);
        buffers.add(buffer);
        return buffer;
    }

    /** Bytes that have been allocated from it. */
    public long bytes() {
        return buffers.stream().mapToLong(DeviceBuffer::bytes).sum();
    }

    public DeviceBuffer upload(String purpose, byte[] values) {
        DeviceBuffer buffer = allocate(purpose, values.length);
        buffer.upload(values);
        return buffer;
    }

    public DeviceBuffer upload(String purpose, short[] values) {
        DeviceBuffer buffer = allocate(purpose, (long) Short.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    public DeviceBuffer upload(String purpose, int[] values) {
        DeviceBuffer buffer = allocate(purpose, (long) Integer.BYTES * values.length);
        buffer.upload(values);
        return buffer;
    }

    @Override
    public void close() {
        buffers.forEach(DeviceBuffer::close);
        buffers.clear();
    }
}
