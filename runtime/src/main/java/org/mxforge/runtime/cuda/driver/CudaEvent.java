package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUevent_record_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream; two of them measure the time between. */
public final class CudaEvent implements AutoCloseable {
    private final CUevent handle = new CUevent();

    CudaEvent() {
        Cuda.check(JCudaDriver.cuEventCreate(handle, CUevent_flags.CU_EVENT_DEFAULT), "make an event");
    }

    /** Places the mark after everything asked for on {@code stream} so far. */
    public void record(CudaStream stream) {
        Cuda.check(JCudaDriver.cuEventRecord(handle, stream.handle()), "mark a moment");
    }

    /** The same on a stream that is being recorded: each launch of the graph places the mark anew. */
    public void recordInGraph(CudaStream stream) {
        Cuda.check(
                JCudaDriver.cuEventRecordWithFlags(
                        handle, stream.handle(), CUevent_record_flags.CU_EVENT_RECORD_EXTERNAL),
                "record a mark");
    }

    /** Lets what is asked for on {@code stream} from now on, of any GPU, wait until the mark is reached as it was placed last. */
    public void await(CudaStream stream) {
        Cuda.check(JCudaDriver.cuStreamWaitEvent(stream.handle(), handle, 0), "wait for another stream");
    }

    /** Waits until the mark is reached; one that was never placed is. */
    public void synchronize() {
        Cuda.check(JCudaDriver.cuEventSynchronize(handle), "finish the work it was given");
    }

    /** Milliseconds of GPU time from {@code earlier} to this mark; waits until both are reached. */
    public double millisSince(CudaEvent earlier) {
        Cuda.check(JCudaDriver.cuEventSynchronize(handle), "finish the work it was given");
        float[] millis = new float[1];
        Cuda.check(JCudaDriver.cuEventElapsedTime(millis, earlier.handle, handle), "measure time");
        return millis[0];
    }

    @Override
    public void close() {
        JCudaDriver.cuEventDestroy(handle);
    }
}
