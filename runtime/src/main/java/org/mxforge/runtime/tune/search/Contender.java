package org.mxforge.runtime.tune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Timing;

/** A candidate that is right and fast enough to be timed: what it took so far. */
final class Contender implements AutoCloseable {
    private final KernelVariant variant;
    private final Trial.Candidate candidate;
    private final List<Double> all = new ArrayList<>();
    private List<Double> batch = new ArrayList<>();
    private OptionalInt clock = OptionalInt.empty();

    Contender(KernelVariant variant, Trial.Candidate candidate) {
        this.variant = variant;
        this.candidate = candidate;
    }

    KernelVariant variant() {
        return variant;
    }

    /** Forgets, for {@link #median}, what it took beside the rivals of earlier batches, when the clock was another. */
    void beginBatch() {
        batch = new ArrayList<>();
    }

    /** Times it once more. */
    void measure(Trial.Measuring measuring) {
        Trial.Window window = candidate.window(measuring);
        batch.addAll(window.millis());
        all.addAll(window.millis());
        clock = window.clock().isPresent() ? window.clock() : clock;
    }

    /** The middle of what it took in this batch. */
    double median() {
        return timing(batch).median();
    }

    /** All that it took. */
    Timing timing() {
        return timing(all).at(clock);
    }

    private static Timing timing(List<Double> millis) {
        return Timing.of(millis.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public void close() {
        candidate.close();
    }
}
