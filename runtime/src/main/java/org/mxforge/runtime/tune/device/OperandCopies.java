package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Sets of operands of one kernel in GPU memory, on which its variants run in turn. Sets lie at addresses of their own, which is all
 * that caches look at; their values may be the same.
 */
final class OperandCopies<S extends OperandSet> implements CudaTuningDevice.OperandSets {
    /** Launches that take this long together make the pause between two replays negligible. */
    private static final double REPLAY_MILLIS = 1;

    private static final int MOST_LAUNCHES = 512;

    private final CudaContext gpu;
    private final DeviceArena memory;
    private final CudaStream stream;
    private final List<S> sets = new ArrayList<>();
    private final CudaEvent begin;
    private final CudaEvent end;

    /** Makes the operand sets of one kernel. */
    @FunctionalInterface
    interface Maker<S> {
        /**
         * What all sets have in common is uploaded now, each set when it is asked for.
         *
         * @param memory where they lie
         * @param stream what fills them
         * @return the set of a number, counted from 0
         */
        IntFunction<S> begin(DeviceArena memory, CudaStream stream);
    }

    /** @param copies sets that are wanted; there are fewer where the model beside the tuner may need the memory next */
    OperandCopies(CudaContext gpu, int copies, Maker<S> maker) {
        this.gpu = gpu;
        this.memory = new DeviceArena(gpu);
        this.stream = gpu.stream();
        try {
            long room = gpu.freeBytes() / 2;
            IntFunction<S> make = maker.begin(memory, stream);
            do {
                sets.add(make.apply(sets.size()));
            } while (sets.size() < copies && memory.bytes() < room);
        } catch (RuntimeException e) {
            memory.close();
            stream.close();
            throw e;
        }
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

    @Override
    public int sets() {
        return sets.size();
    }

    @Override
    public void launch(ReadyKernel<Object> kernel, CudaStream queue, int set) {
        sets.get(set).launch(kernel, queue);
    }

    /** Milliseconds of GPU time that one run takes, the mean of {@code launches} in a row. */
    double millis(ReadyKernel<Object> kernel, int launches) {
        begin.record(stream);
        launchInTurn(kernel, launches, stream);
        end.record(stream);
        return end.millisSince(begin) / launches;
    }

    /**
     * Runs of {@code kernel} on all sets in turn, to be replayed.
     *
     * @param millis what one run takes, about
     */
    Replay replay(ReadyKernel<Object> kernel, double millis, ClockMeter meter) {
        int wanted = (int) Math.min(MOST_LAUNCHES, Math.ceil(REPLAY_MILLIS / millis));
        // Whole turns, so that each replay meets the caches as the one before left them.
        int launches = sets.size() * Math.max(1, (wanted + sets.size() - 1) / sets.size());
        return Replay.record(gpu, meter, launches, queue -> launchInTurn(kernel, launches, queue));
    }

    private void launchInTurn(ReadyKernel<Object> kernel, int launches, CudaStream queue) {
        for (int i = 0; i < launches; i++) {
            launch(kernel, queue, i % sets.size());
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
