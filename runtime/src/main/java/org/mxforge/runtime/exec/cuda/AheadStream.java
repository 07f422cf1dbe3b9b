package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;

/**
 * A stream beside that of a GPU, for what does not wait for activations: passes over weights. Its kernels run where those of the other
 * stream leave multiprocessors, at the ends of products above all.
 *
 * <p>What is written ahead lies in memory of one of {@link ScratchMemory#TURNS} turns, which is written again when all that read it are
 * done.
 */
final class AheadStream implements AutoCloseable {
    private final KernelLauncher kernels;
    private final CudaStream own;
    private final CudaStream ahead;
    private final CudaEvent written;

    /** Of each turn: all that was asked for before, until it was read last, is done. */
    private final List<CudaEvent> read;

    /** Beside {@code own}, by {@code kernels}, which launch on that. */
    AheadStream(CudaContext context, KernelLauncher kernels, CudaStream own) {
        this.kernels = kernels;
        this.own = own;
        this.ahead = context.backgroundStream();
        this.written = context.event();
        this.read = Stream.generate(context::event).limit(ScratchMemory.TURNS).toList();
    }

    /** Does what {@code launches} asks for when the memory of {@code turn} is free; what is asked for next waits for it. */
    void write(int turn, Runnable launches) {
        read.get(turn).await(ahead);
        kernels.on(ahead, launches);
        written.record(ahead);
        written.await(own);
    }

    /** Says that what was asked for until now is the last to read the memory of {@code turn}. */
    void read(int turn) {
        read.get(turn).record(own);
    }

    /** Nothing is done ahead of what was asked for until now. */
    void hold() {
        read.forEach(event -> event.record(own));
    }

    @Override
    public void close() {
        read.forEach(CudaEvent::close);
        written.close();
        ahead.close();
    }
}
