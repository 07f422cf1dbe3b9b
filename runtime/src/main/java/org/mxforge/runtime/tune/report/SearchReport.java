package org.mxforge.runtime.tune.report;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.cost.CostModel.Roof;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * What a page shows of one shape.
 *
 * @param key what was searched for
 * @param choice what was chosen
 * @param trials the trials on record, in the order they were made
 * @param floor milliseconds that no kernel can go below, where they are known
 * @param roof what bounds its products, where it has some and that is known
 * @param estimates milliseconds that the cost model expected, where it has an opinion
 */
record SearchReport(
        WisdomKey key,
        Choice choice,
        List<WisdomRecord> trials,
        OptionalDouble floor,
        Optional<Roof> roof,
        Map<KernelVariant, Double> estimates) {
    private static final double FAR = 50;

    public SearchReport {
        trials = List.copyOf(trials);
        estimates = Map.copyOf(estimates);
    }

    /** What is on record about {@code key}; of a variant that was tried again, the last trial, but of the chosen one that which decided. */
    static SearchReport of(Tuning tuning, WisdomKey key, Choice choice) {
        Map<KernelVariant, WisdomRecord> trials = new LinkedHashMap<>();
        tuning.trials(key)
                .forEach(entry -> trials.merge(
                        entry.variant(), entry, (earlier, later) -> decided(earlier, choice) ? earlier : later));
        Map<KernelVariant, Double> estimates = new HashMap<>();
        for (KernelVariant variant : trials.keySet()) {
            tuning.estimate(variant, key.shape()).ifPresent(millis -> estimates.put(variant, millis));
        }
        return new SearchReport(
                key, choice, List.copyOf(trials.values()), tuning.floor(key), tuning.roof(key), estimates);
    }

    private static boolean decided(WisdomRecord trial, Choice choice) {
        return trial.variant().equals(choice.variant())
                && trial.outcome().timing().equals(choice.timing());
    }

    /** What a trial took; empty if it failed. */
    static Optional<Double> millis(WisdomRecord trial) {
        return trial.outcome().timing().map(Timing::median);
    }

    /** What was chosen takes, where it was measured. */
    Optional<Double> chosen() {
        return choice.timing().map(Timing::median);
    }

    /** The floor, but where what was chosen takes so many times as long that a chart with both would show neither: launching does. */
    OptionalDouble nearFloor() {
        return floor.isPresent() && chosen().stream().anyMatch(millis -> millis > FAR * floor.getAsDouble())
                ? OptionalDouble.empty()
                : floor;
    }

    /** What the variant takes that runs without tuning, where it was measured. */
    Optional<Double> byDefault() {
        KernelVariant usual = key.problem().usual(key.target(), key.shape());
        if (usual.equals(choice.variant())) {
            return chosen();
        }
        return trials.stream()
                .filter(trial -> trial.variant().equals(usual))
                .findFirst()
                .flatMap(SearchReport::millis);
    }

    /** What it comes to. */
    Optional<Work> work() {
        return key.problem().work(key.shape());
    }

    /** FLOP in a second, in 10^12; empty if it has no products or was not measured. */
    Optional<Double> teraflops() {
        return work().filter(work -> work.macs() > 0)
                .flatMap(work -> chosen().map(millis -> 2 * work.macs() / millis / 1e9));
    }
}
