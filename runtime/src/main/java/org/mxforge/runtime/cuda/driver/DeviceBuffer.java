package org.mxforge.runtime.cuda.driver;

import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * A block of GPU memory. Copies wait for the work asked for before them and are done when they return. Offsets are in bytes.
 */
public final class DeviceBuffer implements AutoCloseable {
    private final DeviceAddress address;
    private final long bytes;
    private boolean closed;

    DeviceBuffer(DeviceAddress address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /** Its device address, for {@link KernelArguments#pointer}. */
    public long address() {
        if (closed) {
            throw new IllegalStateException("this GPU memory was given back");
        }
        return address.value();
    }

    public long bytes() {
        return bytes;
    }

    public void upload(byte[] values) {
        upload(Pointer.to(values), 0, values.length);
    }

    public void upload(long offset, byte[] values) {
        upload(Pointer.to(values), offset, values.length);
    }

    public void upload(short[] values) {
        upload(Pointer.to(values), 0, (long) Short.BYTES * values.length);
    }

    public void upload(int[] values) {
        upload(Pointer.to(values), 0, (long) Integer.BYTES * values.length);
    }

    public void upload(float[] values) {
        upload(Pointer.to(values), 0, (long) Float.BYTES * values.length);
    }

    public void download(byte[] values) {
        download(Pointer.to(values), values.length);
    }

    public void download(short[] values) {
        download(Pointer.to(values), (long) Short.BYTES * values.length);
    }

    public void download(int[] values) {
        download(0, values);
    }

    public void download(long offset, int[] values) {
        download(offset, Pointer.to(values), (long) Integer.BYTES * values.length);
    }

    public void download(float[] values) {
        download(Pointer.to(values), (long) Float.BYTES * values.length);
    }

    /** Copies {@code count} bytes of {@code source} here, on the GPU and in the order of {@code stream}. */
    public void copy(CudaStream stream, long offset, DeviceBuffer source, long sourceOffset, long count) {
        check(offset, count);
        source.check(sourceOffset, count);
        Cuda.check(
                JCudaDriver.cuMemcpyDtoDAsync(
                        address.withByteOffset(offset),
                        source.address.withByteOffset(sourceOffset),
                        count,
                        stream.handle()),
                "copy " + count + " bytes");
    }

    /** Sets every byte to {@code value}, in the order of {@code stream}. */
    public void fill(CudaStream stream, byte value) {
        check(0, bytes);
        Cuda.check(JCudaDriver.cuMemsetD8Async(address, value, bytes, stream.handle()), "fill " + bytes + " bytes");
    }

    private void upload(Pointer from, long offset, long count) {
        check(offset, count);
        Cuda.check(
                JCudaDriver.cuMemcpyHtoD(address.withByteOffset(offset), from, count), "receive " + count + " bytes");
    }

    private void download(Pointer to, long count) {
        download(0, to, count);
    }

    private void download(long offset, Pointer to, long count) {
        check(offset, count);
        Cuda.check(
                JCudaDriver.cuMemcpyDtoH(to, address.withByteOffset(offset), count), "give back " + count + " bytes");
    }

    private void check(long offset, long count) {
        if (closed) {
            throw new IllegalStateException("this GPU memory was given back");
        }
        if (offset < 0 || count < 0 || count > bytes - offset) {
            throw new IllegalArgumentException(
                    count + " bytes at offset " + offset + " do not lie within a buffer of " + bytes);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            JCudaDriver.cuMemFree(address);
        }
    }
}
