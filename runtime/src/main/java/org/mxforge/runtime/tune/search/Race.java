package org.mxforge.runtime.tune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;

/**
 * The timing part of a search: candidates race in batches, and the fastest of a batch defends its place in the next one. Within
 * a batch they are timed in turns, so that drifting clocks and temperatures hit all alike, and whoever is clearly slower after a
 * round leaves.
 */
final class Race implements AutoCloseable {
    private final Trial trial;
    private final TuningPlan plan;
    private final BiConsumer<KernelVariant, Outcome> record;
    private Optional<Contender> champion = Optional.empty();

    /** @param record told of every candidate, once its time is known; of the champion again if it fails later */
    Race(Trial trial, TuningPlan plan, BiConsumer<KernelVariant, Outcome> record) {
        this.trial = trial;
        this.plan = plan;
        this.record = record;
    }

    /** The fastest so far, with all that it took. */
    Optional<Contender> champion() {
        return champion;
    }

    /**
     * Lets {@code batch} race against the champion.
     *
     * @param bestKnown milliseconds of the best that was measured before this race
     */
    void run(List<KernelVariant> batch, double bestKnown) {
        List<Contender> field = new ArrayList<>();
        champion.ifPresent(field::add);
        try {
            for (KernelVariant variant : batch) {
                double best =
                        Math.min(bestKnown, champion.map(Contender::median).orElse(Double.POSITIVE_INFINITY));
                Attempt.Result result = new Attempt(plan, best * plan.abandonFactor()).of(trial, variant);
                result.outcome().ifPresent(outcome -> record.accept(variant, outcome));
                result.contender().ifPresent(field::add);
            }
            time(field);
        } finally {
            field.stream()
                    .filter(contender -> !champion.equals(Optional.of(contender)))
                    .forEach(Contender::close);
        }
    }

    private void time(List<Contender> field) {
        Optional<Contender> defender = champion;
        List<Contender> running = new ArrayList<>(field);
        List<Contender> measured = new ArrayList<>(field);
        running.forEach(Contender::beginBatch);
        champion = Optional.empty();
        for (int round = 0; round < plan.measuring().rounds(); round++) {
            for (Contender contender : List.copyOf(running)) {
                Optional<Outcome> failure = measure(contender);
                if (failure.isPresent()) {
                    record.accept(contender.variant(), failure.get());
                    running.remove(contender);
                    measured.remove(contender);
                }
            }
            double best = running.stream().mapToDouble(Contender::median).min().orElse(Double.POSITIVE_INFINITY);
            running.removeIf(
                    contender -> contender.median() > best * plan.measuring().dropFactor());
        }
        measured.stream()
                .filter(contender -> !defender.equals(Optional.of(contender)))
                .forEach(contender -> record.accept(contender.variant(), Outcome.correct(contender.timing())));
        champion = running.stream().min(Comparator.comparingDouble(Contender::median));
    }

    private Optional<Outcome> measure(Contender contender) {
        try {
            contender.measure(plan.measuring());
            return Optional.empty();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return Optional.of(Attempt.failure(e));
        }
    }

    @Override
    public void close() {
        champion.ifPresent(Contender::close);
    }
}
