package org.mxforge.runtime.tune;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.ToolVersion;

/**
 * Finds the fastest right configuration for a shape by trying: each candidate is compiled, compared with the oracle bit for
 * bit, timed, and written to wisdom whatever came of it. One that fails is never chosen and never ends the search.
 */
public final class Tuner {
    private final Wisdom wisdom;
    private final TuningDevice device;
    private final TuningPlan plan;
    private final SearchOrder order;
    private final TuningListener listener;

    public Tuner(Wisdom wisdom, TuningDevice device, TuningPlan plan, SearchOrder order, TuningListener listener) {
        this.wisdom = wisdom;
        this.device = device;
        this.plan = plan;
        this.order = order;
        this.listener = listener;
    }

    /** What wisdom files {@code shape}, its M rounded to the bucket, under. */
    public WisdomKey key(KernelSpec spec, GemmShape shape) {
        return new WisdomKey(spec, device.target(), device.name(), shape.bucketed());
    }

    /** Searches anew, whatever wisdom says; the winner, or empty when no configuration gave a right result. */
    public Optional<WisdomRecord> tune(KernelSpec spec, GemmShape shape) {
        WisdomKey key = key(spec, shape);
        List<Configuration> worth = order.order(spec, key.target(), key.shape());
        List<Configuration> candidates = worth.subList(0, Math.min(worth.size(), plan.candidates()));
        Optional<WisdomRecord> best = Optional.empty();
        int tried = 0;
        listener.began(key, candidates.size());
        try (Trial trial = device.trial(spec, key.shape(), candidates)) {
            Stopwatch search = new Stopwatch();
            for (Configuration candidate : candidates) {
                if (tried > 0 && search.isOver(plan.budget())) {
                    break;
                }
                WisdomRecord entry = attempt(key, trial, candidate, best);
                wisdom.append(entry);
                listener.tried(entry);
                tried++;
                best = faster(best, entry);
            }
        }
        Coverage coverage = new Coverage(tried, worth.size());
        Optional<WisdomRecord> winner = best.map(entry -> entry.winning(coverage));
        winner.ifPresent(wisdom::append);
        listener.ended(key);
        return winner;
    }

    private static Optional<WisdomRecord> faster(Optional<WisdomRecord> best, WisdomRecord entry) {
        return entry.outcome().timing().isEmpty()
                ? best
                : best.filter(b -> median(b) <= median(entry)).or(() -> Optional.of(entry));
    }

    private static double median(WisdomRecord entry) {
        return entry.outcome().timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY);
    }

    private WisdomRecord attempt(WisdomKey key, Trial trial, Configuration candidate, Optional<WisdomRecord> best) {
        double abandonAt = best.map(Tuner::median).orElse(Double.POSITIVE_INFINITY) * plan.abandonFactor();
        TrialOutcome outcome = new Attempt(plan, abandonAt).of(trial, candidate);
        String source = outcome.timing().isEmpty()
                ? ""
                : device.fingerprint(new KernelVariant(key.spec(), key.target(), candidate));
        Provenance provenance = new Provenance(ToolVersion.TEXT, device.compiler(), source, Instant.now());
        return new WisdomRecord(key, candidate, outcome, provenance, Optional.empty());
    }

    /** The fastest right trial on record for {@code key} of each configuration, fastest first. */
    public List<WisdomRecord> ranking(WisdomKey key) {
        return wisdom.records(key).stream()
                .filter(entry ->
                        entry.outcome().timing().isPresent() && entry.coverage().isEmpty())
                .sorted(Comparator.comparingDouble(Tuner::median))
                .toList();
    }
}
