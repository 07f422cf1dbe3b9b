package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A queue of GPU work, done in the order it was asked for. */
public final class CudaStream implements AutoCloseable {
    private final CUstream handle = new CUstream();

    CudaStream() {
        // In order with the default stream, where the plain copies of DeviceBuffer go.
        Cuda.check(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_DEFAULT), "make a stream");
    }

    public CUstream handle() {
        return handle;
    }

    /** Waits until everything asked for is done; reports what went wrong in it. */
    public void synchronize() {
        Cuda.check(JCudaDriver.cuStreamSynchronize(handle), "finish the work it was given");
    }

    @Override
    public void close() {
        JCudaDriver.cuStreamDestroy(handle);
    }
}
