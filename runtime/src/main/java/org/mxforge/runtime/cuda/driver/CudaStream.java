package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.base.ByteSource;

/** A queue of GPU work, done in the order it was asked for. */
public final class CudaStream implements AutoCloseable {
    private final CUstream handle = new CUstream();
    private final HostStaging staging = new HostStaging();

    CudaStream() {
        // In order with the default stream, where the plain copies of DeviceBuffer go.
        Cuda.check(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_DEFAULT), "make a stream");
    }

    public CUstream handle() {
        return handle;
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
}
