package org.mxforge.runtime.cuda;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Launches that were recorded once and are replayed with one call, which costs the host nearly nothing. */
public final class CudaGraph implements AutoCloseable {
    private final CUgraph graph = new CUgraph();
    private final CUgraphExec executable = new CUgraphExec();

    private CudaGraph() {}

    /**
     * Records what {@code work} asks {@code stream} for, without doing it. Arguments are as they are now.
     *
     * @param work launches and nothing else: no copies, no waiting
     */
    public static CudaGraph capture(CudaStream stream, Runnable work) {
        CudaGraph recorded = new CudaGraph();
        // Relaxed: other threads of this process may load kernels meanwhile.
        Cuda.check(
                JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED),
                "begin a recording");
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            JCudaDriver.cuStreamEndCapture(stream.handle(), recorded.graph);
            JCudaDriver.cuGraphDestroy(recorded.graph);
            throw e;
        }
        Cuda.check(JCudaDriver.cuStreamEndCapture(stream.handle(), recorded.graph), "end a recording");
        int result = JCudaDriver.cuGraphInstantiate(recorded.executable, recorded.graph, 0);
        if (result != 0) {
            JCudaDriver.cuGraphDestroy(recorded.graph);
        }
        Cuda.check(result, "prepare a recording");
        return recorded;
    }

    /** Replays it on {@code stream}, without waiting. */
    public void launch(CudaStream stream) {
        Cuda.check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "replay a recording");
    }

    @Override
    public void close() {
        JCudaDriver.cuGraphExecDestroy(executable);
        JCudaDriver.cuGraphDestroy(graph);
    }
}
