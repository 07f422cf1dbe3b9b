package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.base.ByteSource;

/** A queue of GPU work, done in the order it was asked for. */
public final class CudaStream implements AutoCloseable {
    private final Handle handle = new Handle();
    private boolean recording;
    private boolean behindKernel;

    private final HostStaging staging = new HostStaging();

    /** Of two streams' kernels, those of the one with the lower {@code priority} get a multiprocessor first. */
    CudaStream(int priority) {
        // In order with the default stream, where the plain copies of DeviceBuffer go.
        Cuda.check(
                JCudaDriver.cuStreamCreateWithPriority(handle, CUstream_flags.CU_STREAM_DEFAULT, priority),
                "make a stream");
    }

    /** For whatever is asked for; what comes next is not behind a kernel, unless {@link #launched} says so. */
    public CUstream handle() {
        behindKernel = false;
        return handle;
    }

    /** The same as a number, for a kernel. */
    long address() {
        return handle.address();
    }

    /** Says that what is asked for from now on is recorded, or is done again. */
    void record(boolean recording) {
        this.recording = recording;
        behindKernel = false;
    }

    /** Says that a kernel was launched last. */
    void launched() {
        behindKernel = true;
    }

    /** Whether what is asked for next is recorded right behind a kernel. */
    boolean recordsBehindKernel() {
        return recording && behindKernel;
    }

    /** Copies {@code count} bytes of {@code source} from {@code from} on to {@code to}, read when this returns and copied in order. */
    public void upload(ByteSource source, long from, long count, DeviceBuffer to, long offset) {
        staging.upload(this, source, from, count, to, offset);
    }

    /** Waits until everything asked for is done; reports what went wrong in it. */
    public void synchronize() {
        Cuda.check(JCudaDriver.cuStreamSynchronize(handle), "finish the work it was given");
    }

    @Override
    public void close() {
        staging.close();
        JCudaDriver.cuStreamDestroy(handle);
    }

    /** JCuda's stream, its value made visible. */
    private static final class Handle extends CUstream {
        long address() {
            return getNativePointer();
        }
    }
}
