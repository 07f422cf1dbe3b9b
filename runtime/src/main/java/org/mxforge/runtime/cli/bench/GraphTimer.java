package org.mxforge.runtime.cli.bench;

import org.mxforge.runtime.tune.device.CudaTuningDevice;
import org.mxforge.runtime.tune.device.Replay;

/** Times replays of a graph that runs once over each operand set, as {@code gemm_peers.py} does: the host's part is left out. */
final class GraphTimer {
    private static final int FIRST_REPLAYS = 2;
    private static final int RATED_REPLAYS = 3;

    private final CudaTuningDevice gpu;

    GraphTimer(CudaTuningDevice gpu) {
        this.gpu = gpu;
    }

    /** {@code kernel} in the state of being timed: its graph is recorded once, for however many paces. */
    final class Timed implements AutoCloseable {
        private final Replay replay;
        private final int sets;
        private final double once;

        private Timed(BenchKernel kernel) {
            this.sets = kernel.sets();
            this.replay = gpu.record(sets, stream -> {
                for (int set = 0; set < sets; set++) {
                    kernel.launch(stream, set);
                }
            });
            replay.millis(FIRST_REPLAYS);
            this.once = replay.millis(RATED_REPLAYS) / RATED_REPLAYS;
        }

        /** What one run takes, and the clock after the last. */
        Replay.Mean at(Pace pace) {
            pause(pace.idleMillis());
            warmUp(pace.warmUpMillis());
            return replay.mean(times(pace.timedMillis()));
        }

        /** The same, sustained, over {@code iterations} runs or, where that is no multiple of the operand sets, somewhat more. */
        Replay.Mean over(int iterations) {
            warmUp(Pace.SUSTAINED.warmUpMillis());
            return replay.mean(1 + (iterations - 1) / sets);
        }

        private void warmUp(double millis) {
            if (millis > 0) {
                replay.millis(times(millis));
            }
        }

        private int times(double millis) {
            return (int) Math.max(1, millis / once);
        }

        @Override
        public void close() {
            replay.close();
        }
    }

    /** Gets {@code kernel} ready. */
    Timed timed(BenchKernel kernel) {
        return new Timed(kernel);
    }

    /** Milliseconds that one run takes. */
    double millis(BenchKernel kernel, Pace pace) {
        try (Timed timed = timed(kernel)) {
            return timed.at(pace).millis();
        }
    }

    /** The same over {@code iterations} runs or, where that is no multiple of the operand sets, somewhat more. */
    double millis(BenchKernel kernel, int iterations) {
        try (Timed timed = timed(kernel)) {
            return timed.over(iterations).millis();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // Who interrupts wants the program to end soon; the figure is only a little warmer for it.
            Thread.currentThread().interrupt();
        }
    }
}
