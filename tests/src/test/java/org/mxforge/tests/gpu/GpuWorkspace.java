package org.mxforge.tests.gpu;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** GPU arrays of one test, by device address, and the launches on them. */
public final class GpuWorkspace implements AutoCloseable {
    private final CudaContext gpu = GpuTest.context();
    private final CudaStream stream = gpu.stream();
    private final Map<Long, DeviceBuffer> buffers = new HashMap<>();

    /** What kernels for this GPU are emitted for. */
    public static Target target() {
        return GpuTest.context().device().target();
    }

    public long floats(float... values) {
        DeviceBuffer buffer = allocate((long) Float.BYTES * values.length);
        buffer.upload(values);
        return buffer.address();
    }

    public long ints(int... values) {
        DeviceBuffer buffer = allocate((long) Integer.BYTES * values.length);
        buffer.upload(values);
        return buffer.address();
    }

    /** {@code values}, which must be BF16 numbers. */
    public long bf16(float... values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        DeviceBuffer buffer = allocate((long) Short.BYTES * bits.length);
        buffer.upload(bits);
        return buffer.address();
    }

    /** {@code count} bytes, each {@code content}. */
    public long bytes(int count, byte content) {
        DeviceBuffer buffer = allocate(count);
        buffer.fill(stream, content);
        return buffer.address();
    }

    public float[] readFloats(long address, int count) {
        float[] values = new float[count];
        buffers.get(address).download(values);
        return values;
    }

    public float[] readBf16(long address, int count) {
        short[] bits = new short[count];
        buffers.get(address).download(bits);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(bits[i]);
        }
        return values;
    }

    public int[] readInts(long address, int count) {
        int[] values = new int[count];
        buffers.get(address).download(values);
        return values;
    }

    public byte[] readBytes(long address, int count) {
        byte[] values = new byte[count];
        buffers.get(address).download(values);
        return values;
    }

    /** Launches {@code variant} and waits for it; {@code arguments} is the record of its stem. */
    public <A> void launch(KernelVariant variant, A arguments) {
        ReadyKernel<A> kernel = GpuTest.kernels().kernel(variant);
        kernel.launch(stream, arguments);
        stream.synchronize();
    }

    private DeviceBuffer allocate(long bytes) {
        DeviceBuffer buffer = gpu.allocate("a test", bytes);
        buffers.put(buffer.address(), buffer);
        return buffer;
    }

    @Override
    public void close() {
        buffers.values().forEach(DeviceBuffer::close);
        stream.close();
    }
}
