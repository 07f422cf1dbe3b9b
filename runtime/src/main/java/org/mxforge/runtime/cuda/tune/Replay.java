package org.mxforge.runtime.cuda.tune;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaEvent;
import org.mxforge.runtime.cuda.CudaGraph;
import org.mxforge.runtime.cuda.CudaStream;

/**
 * Launches of one kernel on operand sets in turn, recorded as a graph and replayed without pause: neither the host's launches nor
 * an L2 cache that knows the operands blur the timing.
 */
public final class Replay implements AutoCloseable {
    private final CudaContext gpu;
    private final CudaStream stream;
    private final CudaGraph graph;
    private final int launches;
    private final ClockMeter.Reading clock;

    Replay(CudaContext gpu, CudaStream stream, CudaGraph graph, int launches, ClockMeter.Reading clock) {
        this.gpu = gpu;
        this.stream = stream;
        this.graph = graph;
        this.launches = launches;
        this.clock = clock;
    }

    /**
     * What one window gave.
     *
     * @param millis milliseconds of one launch, replay by replay
     * @param clock clock right after it, in MHz
     */
    public record Result(List<Double> millis, OptionalInt clock) {}

    /**
     * Replays for {@code warmUp}, then for {@code length}, once at least and {@code most} times at most, and takes the time of each
     * replay of the second part.
     */
    public Result window(Duration warmUp, Duration length, int most) {
        List<CudaEvent> marks = new ArrayList<>();
        try {
            double once = once(marks);
            replay(times(warmUp, once, Integer.MAX_VALUE));
            List<CudaEvent> timed = new ArrayList<>();
            timed.add(mark(marks));
            for (int left = times(length, once, most); left > 0; left--) {
                graph.launch(stream);
                timed.add(mark(marks));
            }
            clock.take(stream);
            List<Double> millis = new ArrayList<>();
            for (int i = 1; i < timed.size(); i++) {
                millis.add(timed.get(i).millisSince(timed.get(i - 1)) / launches);
            }
            return new Result(millis, clock.megahertz());
        } finally {
            marks.forEach(CudaEvent::close);
        }
    }

    private double once(List<CudaEvent> marks) {
        CudaEvent begin = mark(marks);
        graph.launch(stream);
        return mark(marks).millisSince(begin);
    }

    private void replay(int times) {
        for (int i = 0; i < times; i++) {
            graph.launch(stream);
        }
    }

    private static int times(Duration duration, double once, int most) {
        return (int) Math.max(1, Math.min(most, duration.toNanos() / 1e6 / once));
    }

    private CudaEvent mark(List<CudaEvent> marks) {
        CudaEvent mark = gpu.event();
        marks.add(mark);
        mark.record(stream);
        return mark;
    }

    @Override
    public void close() {
        graph.close();
    }
}
