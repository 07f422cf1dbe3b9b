package org.mxforge.runtime.bench;

import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaEvent;
import org.mxforge.runtime.cuda.CudaGraph;
import org.mxforge.runtime.cuda.CudaStream;

/** Times replays of a graph that runs once over each operand set, as {@code gemm_peers.py} does: the host's part is left out. */
final class GraphTimer {
    private static final int FIRST_REPLAYS = 2;
    private static final int RATED_REPLAYS = 3;

    private final CudaContext gpu;

    GraphTimer(CudaContext gpu) {
        this.gpu = gpu;
    }

    /** Milliseconds that one run takes. */
    double millis(BenchKernel kernel, Pace pace) {
        try (Replay replay = new Replay(gpu, kernel)) {
            double once = replay.warmUp();
            pause(pace.idleMillis());
            if (pace.warmUpMillis() > 0) {
                replay.span(times(pace.warmUpMillis(), once));
            }
            return replay.millisOfOne(times(pace.timedMillis(), once));
        }
    }

    /** The same over {@code iterations} runs or, where that is no multiple of the operand sets, somewhat more. */
    double millis(BenchKernel kernel, int iterations) {
        try (Replay replay = new Replay(gpu, kernel)) {
            replay.span(times(Pace.SUSTAINED.warmUpMillis(), replay.warmUp()));
            return replay.millisOfOne(1 + (iterations - 1) / kernel.sets());
        }
    }

    private static int times(double millis, double once) {
        return (int) Math.max(1, millis / once);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // Who interrupts wants the program to end soon; the figure is only a little warmer for it.
            Thread.currentThread().interrupt();
        }
    }

    /** The graph of one kernel. */
    private static final class Replay implements AutoCloseable {
        private final int sets;
        private final CudaStream stream;
        private final CudaEvent begin;
        private final CudaEvent end;
        private final CudaGraph graph;

        Replay(CudaContext gpu, BenchKernel kernel) {
            this.sets = kernel.sets();
            this.stream = gpu.stream();
            this.begin = gpu.event();
            this.end = gpu.event();
            try {
                // Operands were filled on another stream.
                gpu.synchronize();
                // Once outside of the graph: what loads or allocates at the first launch has done so then.
                each(kernel);
                stream.synchronize();
                this.graph = CudaGraph.capture(stream, () -> each(kernel));
            } catch (RuntimeException e) {
                closeMarks();
                throw e;
            }
        }

        private void each(BenchKernel kernel) {
            for (int set = 0; set < sets; set++) {
                kernel.launch(stream, set);
            }
        }

        /** Milliseconds of one replay, roughly. */
        double warmUp() {
            span(FIRST_REPLAYS);
            return span(RATED_REPLAYS) / RATED_REPLAYS;
        }

        /** Milliseconds of {@code times} replays in a row. */
        double span(int times) {
            begin.record(stream);
            for (int i = 0; i < times; i++) {
                graph.launch(stream);
            }
            end.record(stream);
            return end.millisSince(begin);
        }

        double millisOfOne(int times) {
            return span(times) / times / sets;
        }

        private void closeMarks() {
            begin.close();
            end.close();
            stream.close();
        }

        @Override
        public void close() {
            graph.close();
            closeMarks();
        }
    }
}
