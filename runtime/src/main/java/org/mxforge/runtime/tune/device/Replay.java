package org.mxforge.runtime.tune.device;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaGraph;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;

/**
 * Runs of one kernel on operand sets in turn, recorded as a graph and replayed without pause: neither the host's launches nor an L2
 * cache that knows the operands blur the timing.
 */
public final class Replay implements AutoCloseable {
    private final CudaContext gpu;
    private final int runs;
    private final DeviceArena memory;
    private final CudaStream stream;
    private final CudaGraph graph;
    private final ClockMeter.Reading clock;

    private Replay(CudaContext gpu, ClockMeter meter, int runs, Consumer<CudaStream> work) {
        this.gpu = gpu;
        this.runs = runs;
        this.memory = new DeviceArena(gpu);
        this.stream = gpu.stream();
        try {
            this.clock = meter.reading(memory);
            // Operands were filled on another stream.
            gpu.synchronize();
            // Once outside of the graph: what loads or allocates at the first launch has done so then.
            work.accept(stream);
            stream.synchronize();
            this.graph = CudaGraph.capture(stream, () -> work.accept(stream));
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    /**
     * Does {@code work} once, and records it.
     *
     * @param runs how many runs of the kernel that is
     * @param work asks for them on the stream it is given, without waiting
     */
    static Replay record(CudaContext gpu, ClockMeter meter, int runs, Consumer<CudaStream> work) {
        return new Replay(gpu, meter, runs, work);
    }

    /**
     * What one window gave, replay by replay.
     *
     * @param millis milliseconds of one run in each replay
     * @param clock clock right after it, in MHz; empty if it could not be told
     */
    public record Result(List<Double> millis, OptionalInt clock) {}

    /**
     * What replays in a row gave together.
     *
     * @param millis milliseconds of one run, the mean
     * @param clock clock right after them, in MHz; empty if it could not be told
     */
    public record Mean(double millis, OptionalInt clock) {}

    /**
     * Replays for {@code warmUp}, then for {@code length}, once at least and {@code most} times at most, and takes the time of each
     * replay of the second part.
     */
    public Result window(Duration warmUp, Duration length, int most) {
        double once = millis(1);
        List<CudaEvent> marks = new ArrayList<>();
        try {
            replay(times(warmUp, once, Integer.MAX_VALUE));
            marks.add(mark());
            for (int left = times(length, once, most); left > 0; left--) {
                graph.launch(stream);
                marks.add(mark());
            }
            clock.take(stream);
            List<Double> millis = new ArrayList<>();
            for (int i = 1; i < marks.size(); i++) {
                millis.add(marks.get(i).millisSince(marks.get(i - 1)) / runs);
            }
            return new Result(millis, clock.megahertz());
        } finally {
            marks.forEach(CudaEvent::close);
        }
    }

    /** Replays {@code times} times in a row, and reads the clock. */
    public Mean mean(int times) {
        double millis = millis(times, () -> clock.take(stream));
        return new Mean(millis / times / runs, clock.megahertz());
    }

    /** Milliseconds that {@code times} replays in a row take. */
    public double millis(int times) {
        return millis(times, () -> {});
    }

    /** {@code after} is asked for behind the second mark, before the host waits for it. */
    private double millis(int times, Runnable after) {
        try (CudaEvent begin = mark()) {
            replay(times);
            try (CudaEvent end = mark()) {
                after.run();
                return end.millisSince(begin);
            }
        }
    }

    private void replay(int times) {
        for (int i = 0; i < times; i++) {
            graph.launch(stream);
        }
    }

    private static int times(Duration duration, double once, int most) {
        return (int) Math.max(1, Math.min(most, duration.toNanos() / 1e6 / once));
    }

    private CudaEvent mark() {
        CudaEvent mark = gpu.event();
        mark.record(stream);
        return mark;
    }

    private void release() {
        memory.close();
        stream.close();
    }

    @Override
    public void close() {
        graph.close();
        release();
    }
}
