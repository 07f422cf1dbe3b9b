package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Work that was recorded once and is asked for with one call, so that the host pays for the graph and not for each launch. */
public final class CudaGraph implements AutoCloseable {
    private final CUgraphExec executable;

    private CudaGraph(CUgraphExec executable) {
        this.executable = executable;
    }

    /**
     * Records what {@code work} asks for on {@code stream}, without doing it.
     *
     * @param work launches, copies and fills on {@code stream} alone, of kernels that are loaded and were launched before; it must
     *     not wait for the GPU. Addresses and sizes are recorded as they are now
     * @throws org.mxforge.runtime.base.MxForgeException if the driver refuses it; what {@code work} throws is passed on. The stream is as
     *     before in both cases
     */
    public static CudaGraph capture(CudaStream stream, Runnable work) {
        // Relaxed: other threads may allocate and compile meanwhile.
        Cuda.check(
                JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
                "record a stream");
        stream.record(true);
        CUgraph graph = new CUgraph();
        boolean done = false;
        int ended;
        try {
            work.run();
            done = true;
        } finally {
            stream.record(false);
            ended = JCudaDriver.cuStreamEndCapture(stream.handle(), graph);
            if (!done) {
                JCudaDriver.cuGraphDestroy(graph);
            }
        }
        Cuda.check(ended, "record the work on a stream");
        CUgraphExec executable = new CUgraphExec();
        int result = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
        JCudaDriver.cuGraphDestroy(graph);
        Cuda.check(result, "make a graph of the recorded work");
        return new CudaGraph(executable);
    }

    /** Asks for the recorded work on {@code stream}, without waiting. */
    public void launch(CudaStream stream) {
        Cuda.check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "launch a graph");
    }

    @Override
    public void close() {
        JCudaDriver.cuGraphExecDestroy(executable);
    }
}
