package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** Copies of the operands of one kernel, spread over memory, and the launches on them in turn: what variants are timed on. */
public final class OperandCopies<S extends OperandSet> implements AutoCloseable {
    /** Launches that take this long together make the pause between two replays negligible. */
    private static final double REPLAY_MILLIS = 1;

    private static final int MOST_LAUNCHES = 512;
    private static final int MOST_SETS = 64;

    private final CudaContext gpu;
    private final DeviceArena memory;
    private final CudaStream stream;
    private final List<S> sets = new ArrayList<>();
    private final CudaEvent begin;
    private final CudaEvent end;

    /**
     * @param spread bytes of GPU memory that copies of the operands are spread over, as far as there is room; 0 for no copies
     * @param upload makes one of them
     */
    OperandCopies(CudaContext gpu, long spread, Function<DeviceArena, S> upload) {
        this.gpu = gpu;
        this.memory = new DeviceArena(gpu);
        try {
            sets.add(upload.apply(memory));
            // Other sets must not take what the model beside the tuner may need next.
            long room = Math.min(spread, gpu.freeBytes() / 2);
            while (memory.bytes() < room && sets.size() < MOST_SETS) {
                sets.add(upload.apply(memory));
            }
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
        this.stream = gpu.stream();
        this.begin = gpu.event();
        this.end = gpu.event();
    }

    /** The set that results are checked on. */
    S first() {
        return sets.get(0);
    }

    CudaStream stream() {
        return stream;
    }

    /** Milliseconds of GPU time that one launch takes, the mean of {@code launches} in a row. */
    public double millis(ReadyKernel<Object> kernel, int launches) {
        begin.record(stream);
        launch(kernel, launches, stream);
        end.record(stream);
        return end.millisSince(begin) / launches;
    }

    /**
     * Launches of {@code kernel} on all copies of the operands in turn, to be replayed.
     *
     * @param millis what one launch takes, about
     */
    public Replay replay(ReadyKernel<Object> kernel, double millis, ClockMeter meter) {
        int wanted = (int) Math.min(MOST_LAUNCHES, Math.ceil(REPLAY_MILLIS / millis));
        // Whole turns, so that each replay meets the caches as the one before left them.
        int launches = sets.size() * Math.max(1, (wanted + sets.size() - 1) / sets.size());
        return Replay.record(gpu, meter, launches, queue -> launch(kernel, launches, queue));
    }

    private void launch(ReadyKernel<Object> kernel, int launches, CudaStream queue) {
        for (int i = 0; i < launches; i++) {
            kernel.launch(queue, sets.get(i % sets.size()).arguments());
        }
    }

    @Override
    public void close() {
        memory.close();
        begin.close();
        end.close();
        stream.close();
    }
}
