package org.mxforge.runtime.cli.bench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.tune.device.Replay;

/**
 * Lines of one kernel, one for each pace, for which it is set up once.
 *
 * @param peer what is measured
 * @param m rows
 * @param n columns of the product; 0 if there is none
 * @param k channels
 * @param rows told of each line at once
 */
record PacedRows(String peer, int m, int n, int k, Consumer<BenchRow> rows) {
    /** What a rate and the clock right after it, in MHz, come to. */
    @FunctionalInterface
    interface Evaluation {
        Measurement of(Rate rate, OptionalInt megahertz);
    }

    /** Measures what {@code setUp} gives; if that cannot be, its lines say why. */
    void measure(GraphTimer timer, List<Pace> paces, Supplier<BenchKernel> setUp, Evaluation evaluation) {
        Deque<Pace> left = new ArrayDeque<>(paces);
        try (BenchKernel kernel = setUp.get();
                GraphTimer.Timed timed = timer.timed(kernel)) {
            while (!left.isEmpty()) {
                Replay.Mean mean = timed.at(left.peek());
                Rate rate = new Rate(mean.millis(), kernel.bytes(), kernel.flops());
                row(left.pop(), Optional.of(evaluation.of(rate, mean.clock())), "");
            }
        } catch (MxForgeException | IllegalArgumentException e) {
            // Such as operands that do not fit: other kernels can still be measured.
            left.forEach(pace -> row(pace, Optional.empty(), e.getMessage()));
        }
    }

    private void row(Pace pace, Optional<Measurement> measured, String failure) {
        rows.accept(new BenchRow(peer, pace, m, n, k, measured, failure));
    }
}
