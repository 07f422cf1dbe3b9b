package org.mxforge.runtime.cli.bench;

import java.util.function.Consumer;
import org.mxforge.runtime.cuda.driver.CudaStream;

/** One launch over and over, where the launch is the point and not what it reads. */
record LaunchSeries(Consumer<CudaStream> launch, int sets) implements BenchKernel {
    @Override
    public void launch(CudaStream stream, int set) {
        launch.accept(stream);
    }

    @Override
    public double bytes() {
        return 0;
    }

    @Override
    public double flops() {
        return 0;
    }

    @Override
    public void close() {
        // What is launched belongs to someone else.
    }
}
