package org.mxforge.runtime.tune.search;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Provenance;

/**
 * Finds the fastest right variant for a shape by trying: each candidate is compiled, compared with the oracle bit for
 * bit, timed, and written to wisdom whatever came of it. One that fails is never chosen and never ends the search. What wisdom has
 * measured before, under the same full key and plan, is not measured again: a search that was killed goes on where it was.
 */
final class Tuner {
    private static final Duration UNLIMITED = Duration.ofDays(1);

    private final Wisdom wisdom;
    private final TuningDevice device;
    private final TuningPlan plan;
    private final SearchOrder order;
    private final Progress progress;

    public Tuner(Wisdom wisdom, TuningDevice device, TuningPlan plan, SearchOrder order, Progress progress) {
        this.wisdom = wisdom;
        this.device = device;
        this.plan = plan;
        this.order = order;
        this.progress = progress;
    }

    /** What wisdom files {@code shape}, its M rounded to the bucket, under. */
    public WisdomKey key(KernelProblem problem, KernelShape shape) {
        return new WisdomKey(problem, device.target(), device.name(), shape.bucketed());
    }

    /** What is most promising, unmeasured. */
    public Choice guess(KernelProblem problem, KernelShape shape) {
        KernelVariant first =
                order.order(problem, device.target(), shape.bucketed()).get(0);
        return new Choice(first, order.origin(), Optional.empty());
    }

    /** As {@link #tune(KernelProblem, KernelShape, Duration)}, with all the time that the plan has. */
    public Optional<WisdomRecord> tune(KernelProblem problem, KernelShape shape) {
        return tune(problem, shape, plan.budget());
    }

    /**
     * Searches.
     *
     * @param limit no new batch of candidates begins after this much time in all
     * @return the winner, or empty when no variant gave a right result
     * @throws org.mxforge.runtime.base.CancelledException if the listener cancels it; what was tried until then is on record
     */
    public Optional<WisdomRecord> tune(KernelProblem problem, KernelShape shape, Duration limit) {
        WisdomKey key = key(problem, shape);
        List<KernelVariant> worth = order.order(problem, key.target(), key.shape());
        List<KernelVariant> candidates = worth.subList(0, Math.min(worth.size(), plan.candidates()));
        try (Progress.Task task = progress.begin("tuning " + key.shape().text(), "variants", candidates.size())) {
            Search search = new Search(key, new Resumption(wisdom, device, plan), task);
            List<KernelVariant> left = candidates.stream().filter(search::isNew).toList();
            if (!left.isEmpty()) {
                search.run(left, plan.budget(), limit);
            }
            Optional<WisdomRecord> winner = search.winner(worth.size());
            winner.ifPresent(wisdom::append);
            return winner;
        }
    }

    /**
     * Tries every one of {@code candidates}, be they in a search space or not; they are of one problem. All is on record, but ends no
     * search.
     *
     * @return what came of them, the fastest first
     */
    public List<WisdomRecord> race(List<KernelVariant> candidates, KernelShape shape) {
        WisdomKey key = key(KernelProblem.of(candidates.get(0)), shape);
        try (Progress.Task task = progress.begin("racing on " + key.shape().text(), "variants", candidates.size())) {
            Search search = new Search(key, new Resumption(wisdom, device, plan), task);
            List<KernelVariant> left =
                    candidates.stream().distinct().filter(search::isNew).toList();
            if (!left.isEmpty()) {
                search.run(left, UNLIMITED, UNLIMITED);
            }
            return search.entries.values().stream()
                    .sorted(Comparator.comparingDouble(Tuner::median))
                    .toList();
        }
    }

    /** One search: what came of its candidates so far. */
    private final class Search {
        private final WisdomKey key;
        private final Resumption earlier;
        private final Progress.Task task;
        private final Map<KernelVariant, WisdomRecord> entries = new LinkedHashMap<>();
        private Optional<WisdomRecord> champion = Optional.empty();

        Search(WisdomKey key, Resumption earlier, Progress.Task task) {
            this.key = key;
            this.earlier = earlier;
            this.task = task;
        }

        /** Whether {@code candidate} has to be tried; what is known of another is taken over. */
        boolean isNew(KernelVariant candidate) {
            Optional<WisdomRecord> known = earlier.measured(key, candidate);
            known.ifPresent(entry -> {
                entries.put(candidate, entry);
                advance();
            });
            return known.isEmpty();
        }

        void run(List<KernelVariant> candidates, Duration budget, Duration limit) {
            Stopwatch whole = new Stopwatch();
            try (Trial trial = device.trial(key.problem(), key.shape(), candidates);
                    Race race = new Race(trial, plan, this::record)) {
                // The budget is for trying; what compiling took beforehand counts for the caller's limit alone.
                Stopwatch trying = new Stopwatch();
                // A first one runs whatever the time.
                for (int i = 0; i < candidates.size(); i += size(i, candidates)) {
                    if (i > 0 && (trying.isOver(budget) || whole.isOver(limit))) {
                        break;
                    }
                    race.run(candidates.subList(i, i + size(i, candidates)), best());
                }
                champion = race.champion()
                        .map(contender -> entry(contender.variant(), Outcome.correct(contender.timing())));
            }
        }

        /** One alone comes first, so that the slowest of a batch can be told from the start. */
        private int size(int begin, List<KernelVariant> candidates) {
            return begin == 0 ? 1 : Math.min(plan.batch(), candidates.size() - begin);
        }

        private double best() {
            return entries.values().stream().mapToDouble(Tuner::median).min().orElse(Double.POSITIVE_INFINITY);
        }

        private void record(KernelVariant candidate, Outcome outcome) {
            WisdomRecord entry = entry(candidate, outcome);
            entries.put(candidate, entry);
            wisdom.append(entry);
            advance();
        }

        private void advance() {
            task.advance(1);
            progress.check();
        }

        private WisdomRecord entry(KernelVariant candidate, Outcome outcome) {
            String source = device.source(candidate);
            Provenance provenance = new Provenance(device.toolchain(), source, plan.name(), Instant.now());
            return new WisdomRecord(key, candidate, outcome, provenance, Optional.empty());
        }

        /** The champion of the races, unless an earlier process measured a faster one. */
        Optional<WisdomRecord> winner(int worth) {
            Optional<WisdomRecord> fastest = entries.values().stream()
                    .filter(entry -> entry.outcome().timing().isPresent())
                    .filter(entry -> champion.isEmpty() || earlier.knew(entry))
                    .min(Comparator.comparingDouble(Tuner::median));
            Optional<WisdomRecord> best = fastest.filter(
                            entry -> champion.map(Tuner::median).orElse(Double.POSITIVE_INFINITY) > median(entry))
                    .or(() -> champion);
            return best.map(entry -> entry.winning(new WisdomRecord.Coverage(entries.size(), worth)));
        }
    }

    private static double median(WisdomRecord entry) {
        return entry.outcome().timing().map(Timing::median).orElse(Double.POSITIVE_INFINITY);
    }

    /** The fastest right trial on record for {@code key} of each variant, fastest first. */
    public List<WisdomRecord> ranking(WisdomKey key) {
        return wisdom.records(key).stream()
                .filter(entry ->
                        entry.outcome().timing().isPresent() && entry.coverage().isEmpty())
                .sorted(Comparator.comparingDouble(Tuner::median))
                .toList();
    }
}
