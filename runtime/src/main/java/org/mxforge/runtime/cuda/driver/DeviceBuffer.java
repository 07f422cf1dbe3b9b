package org.mxforge.runtime.cuda.driver;

import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import jcuda.Pointer;
import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.JCudaDriver;

/**
 * A block of GPU memory. Copies wait for the work asked for before them and are done when they return. Offsets are in bytes.
 */
public final class DeviceBuffer implements AutoCloseable {
    /** Null in a dry run, where nothing is copied. */
    private final DeviceAddress block;

    private final long start;
    private final long bytes;
    private final LongConsumer giveBack;
    private boolean closed;

    /** Where GPU memory comes from. */
    public interface Memory {
        /**
         * Memory of undefined content.
         *
         * @param purpose what it is for, for the message if there is not enough
         * @throws org.mxforge.runtime.base.MxForgeException if there is not
         */
        DeviceBuffer allocate(String purpose, long bytes);

        /** Bytes that were allocated here and not given back. */
        long allocatedBytes();
    }

    /**
     * A whole block.
     *
     * @param giveBack told the size when it is closed
     */
    DeviceBuffer(DeviceAddress block, long bytes, LongConsumer giveBack) {
        this(block, 0, bytes, giveBack);
    }

    private DeviceBuffer(DeviceAddress block, long start, long bytes, LongConsumer giveBack) {
        this.block = block;
        this.start = start;
        this.bytes = bytes;
        this.giveBack = giveBack;
    }

    /** A block that is none, for plans: it has an address and a size, and copies to and from it do nothing. */
    public static DeviceBuffer ofDryRun(long address, long bytes, LongConsumer giveBack) {
        return new DeviceBuffer(null, address, bytes, giveBack);
    }

    /** {@code count} bytes of this from {@code offset} on, to be used no longer than the whole; closing it gives nothing back. */
    public DeviceBuffer view(long offset, long count) {
        check(offset, count);
        return new DeviceBuffer(block, start + offset, count, size -> {});
    }

    /** Its device address, for {@link KernelArguments#pointer}. */
    public long address() {
        if (closed) {
            throw new IllegalStateException("this GPU memory was given back");
        }
        return block == null ? start : block.value() + start;
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

    public void upload(double[] values) {
        upload(Pointer.to(values), 0, (long) Double.BYTES * values.length);
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

    public void download(double[] values) {
        download(Pointer.to(values), (long) Double.BYTES * values.length);
    }

    /** The first {@code count} of {@code values} become what is here from {@code offset} on. */
    public void download(long offset, double[] values, int count) {
        download(offset, Pointer.to(values), (long) Double.BYTES * Math.min(count, values.length));
    }

    /** Copies {@code count} bytes of {@code source} here, on the GPU and in the order of {@code stream}. */
    public void copy(CudaStream stream, long offset, DeviceBuffer source, long sourceOffset, long count) {
        check(offset, count);
        source.check(sourceOffset, count);
        transfer(
                "copy " + count + " bytes",
                () -> JCudaDriver.cuMemcpyDtoDAsync(at(offset), source.at(sourceOffset), count, stream.handle()));
    }

    /**
     * Copies {@code rows} rows of {@code rowBytes} bytes, one behind the other in {@code source}, here, from {@code offset} on and
     * {@code pitch} bytes from one to the next, on the GPU and in the order of {@code stream}.
     */
    public void copyRows(CudaStream stream, long offset, long pitch, DeviceBuffer source, long rowBytes, long rows) {
        source.check(0, rows * rowBytes);
        check(offset, rows == 0 ? 0 : (rows - 1) * pitch + rowBytes);
        copyRows(stream, offset, pitch, source, 0, rowBytes, rowBytes, rows);
    }

    /** Copies {@code rows} rows here, one behind the other, that begin at {@code offset} in {@code source} and every {@code pitch} bytes. */
    public void gatherRows(CudaStream stream, DeviceBuffer source, long offset, long pitch, long rowBytes, long rows) {
        check(0, rows * rowBytes);
        source.check(offset, rows == 0 ? 0 : (rows - 1) * pitch + rowBytes);
        copyRows(stream, 0, rowBytes, source, offset, pitch, rowBytes, rows);
    }

    private void copyRows(
            CudaStream stream,
            long offset,
            long pitch,
            DeviceBuffer source,
            long sourceOffset,
            long sourcePitch,
            long rowBytes,
            long rows) {
        transfer("copy " + rows + " rows", () -> {
            CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
            copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
            copy.srcDevice = source.at(sourceOffset);
            copy.srcPitch = sourcePitch;
            copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
            copy.dstDevice = at(offset);
            copy.dstPitch = pitch;
            copy.WidthInBytes = rowBytes;
            copy.Height = rows;
            return JCudaDriver.cuMemcpy2DAsync(copy, stream.handle());
        });
    }

    /** Sets every byte to {@code value}, in the order of {@code stream}. */
    public void fill(CudaStream stream, byte value) {
        check(0, bytes);
        transfer("fill " + bytes + " bytes", () -> JCudaDriver.cuMemsetD8Async(at(0), value, bytes, stream.handle()));
    }

    /** Copies {@code count} bytes of pinned memory here, in the order of {@code stream}; they must stay until that is done. */
    void upload(CudaStream stream, long offset, Pointer pinned, long count) {
        check(offset, count);
        transfer(
                "receive " + count + " bytes",
                () -> JCudaDriver.cuMemcpyHtoDAsync(at(offset), pinned, count, stream.handle()));
    }

    private void upload(Pointer from, long offset, long count) {
        check(offset, count);
        transfer("receive " + count + " bytes", () -> JCudaDriver.cuMemcpyHtoD(at(offset), from, count));
    }

    private void download(Pointer to, long count) {
        download(0, to, count);
    }

    private void download(long offset, Pointer to, long count) {
        check(offset, count);
        transfer("give back " + count + " bytes", () -> JCudaDriver.cuMemcpyDtoH(to, at(offset), count));
    }

    private void transfer(String action, IntSupplier call) {
        if (block != null) {
            Cuda.check(call.getAsInt(), action);
        }
    }

    private CUdeviceptr at(long offset) {
        return block.withByteOffset(start + offset);
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
            giveBack.accept(bytes);
        }
    }
}
