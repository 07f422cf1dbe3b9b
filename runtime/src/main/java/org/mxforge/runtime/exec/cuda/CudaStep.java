package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.cuda.driver.CudaGraph;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;

/**
 * A step that is run once as it is, which chooses and compiles its kernels and makes room for its scratch memory, then recorded, then
 * replayed. Of a model that several GPUs share it is one graph, which is launched on the first.
 */
final class CudaStep implements RecordedStep {
    private final Gpu gpu;
    private final List<Gpu> others;
    private final Runnable operations;
    private boolean ran;
    private CudaGraph graph;

    /** A step of operations on {@code gpu} and on {@code others}. */
    CudaStep(Gpu gpu, List<Gpu> others, Runnable operations) {
        this.gpu = gpu;
        this.others = others;
        this.operations = operations;
        gpu.scratch().pinSteps();
        others.forEach(other -> other.scratch().pinSteps());
    }

    @Override
    public void replay() {
        if (!ran) {
            run();
            return;
        }
        if (graph == null) {
            graph = capture(operations);
        }
        graph.launch(gpu.stream());
    }

    private void run() {
        inSteps(operations);
        ran = true;
    }

    private void inSteps(Runnable work) {
        Runnable everywhere = work;
        for (Gpu other : others) {
            Runnable within = everywhere;
            everywhere = () -> other.scratch().inSteps(within);
        }
        gpu.scratch().inSteps(everywhere);
    }

    /** The streams of the others join the recording of the first by waiting for it, and must be back when it ends. */
    private CudaGraph capture(Runnable work) {
        return CudaGraph.capture(gpu.stream(), () -> {
            others.forEach(other -> other.await(gpu));
            try {
                inSteps(work);
            } finally {
                others.forEach(gpu::await);
            }
        });
    }

    @Override
    public Trace trace() {
        if (!ran) {
            run();
        }
        try (LaunchClock clock = gpu.newClock(true);
                CudaGraph timed = capture(() -> gpu.with(clock, operations))) {
            // The first launch of a graph brings it onto the GPU.
            timed.launch(gpu.stream());
            timed.launch(gpu.stream());
            return clock.trace();
        }
    }

    @Override
    public void close() {
        gpu.scratch().unpinSteps();
        others.forEach(other -> other.scratch().unpinSteps());
        if (graph != null) {
            graph.close();
        }
    }
}
