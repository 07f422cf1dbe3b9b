package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.CudaGraph;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;

/**
 * A step that is run once as it is, which chooses and compiles its kernels and takes its scratch memory, then recorded, then
 * replayed. Its scratch stays its own as long as it can be replayed.
 */
final class CudaStep implements RecordedStep {
    private final Gpu gpu;
    private final Runnable operations;
    private final ScratchPool scratch;
    private boolean ran;
    private CudaGraph graph;

    CudaStep(Gpu gpu, Runnable operations) {
        this.gpu = gpu;
        this.operations = operations;
        this.scratch = gpu.newScratchPool();
    }

    @Override
    public void replay() {
        if (!ran) {
            gpu.with(scratch, operations);
            ran = true;
            return;
        }
        if (graph == null) {
            graph = CudaGraph.capture(gpu.stream(), () -> gpu.with(scratch, operations));
        }
        graph.launch(gpu.stream());
    }

    @Override
    public void close() {
        // Memory goes back to the driver, which waits for what still runs in it.
        scratch.close();
        if (graph != null) {
            graph.close();
        }
    }
}
