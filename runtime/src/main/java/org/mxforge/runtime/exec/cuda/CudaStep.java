package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.cuda.driver.CudaGraph;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;

/**
 * A step that is run once as it is, which chooses and compiles its kernels and makes room for its scratch memory, then recorded, then
 * replayed.
 */
final class CudaStep implements RecordedStep {
    private final Gpu gpu;
    private final Runnable operations;
    private boolean ran;
    private CudaGraph graph;

    CudaStep(Gpu gpu, Runnable operations) {
        this.gpu = gpu;
        this.operations = operations;
        gpu.scratch().pinSteps();
    }

    @Override
    public void replay() {
        if (!ran) {
            run();
            return;
        }
        if (graph == null) {
            graph = CudaGraph.capture(gpu.stream(), () -> gpu.scratch().inSteps(operations));
        }
        graph.launch(gpu.stream());
    }

    private void run() {
        gpu.scratch().inSteps(operations);
        ran = true;
    }

    @Override
    public Trace trace() {
        if (!ran) {
            run();
        }
        try (LaunchClock clock = gpu.newClock(true);
                CudaGraph timed = CudaGraph.capture(
                        gpu.stream(), () -> gpu.scratch().inSteps(() -> gpu.with(clock, operations)))) {
            // The first launch of a graph brings it onto the GPU.
            timed.launch(gpu.stream());
            timed.launch(gpu.stream());
            return clock.trace();
        }
    }

    @Override
    public void close() {
        gpu.scratch().unpinSteps();
        if (graph != null) {
            graph.close();
        }
    }
}
