package org.mxforge.runtime.tune.report;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.spec.KernelVariant;
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
 * @param estimates milliseconds that the cost model expected, where it has an opinion
 */
record SearchReport(
        WisdomKey key,
        Choice choice,
        List<WisdomRecord> trials,
        OptionalDouble floor,
        Map<KernelVariant, Double> estimates) {
    public SearchReport {
        trials = List.copyOf(trials);
        estimates = Map.copyOf(estimates);
    }

    /** What is on record about {@code key}; of a variant that was tried again, the last trial. */
    static SearchReport of(Tuning tuning, WisdomKey key, Choice choice) {
        Map<KernelVariant, WisdomRecord> trials = new LinkedHashMap<>();
        tuning.trials(key).forEach(entry -> trials.put(entry.variant(), entry));
        Map<KernelVariant, Double> estimates = new HashMap<>();
        for (KernelVariant variant : trials.keySet()) {
            tuning.estimate(variant, key.shape()).ifPresent(millis -> estimates.put(variant, millis));
        }
        return new SearchReport(key, choice, List.copyOf(trials.values()), tuning.floor(key), estimates);
    }

    /** What a trial took; empty if it failed. */
    static Optional<Double> millis(WisdomRecord trial) {
        return trial.outcome().timing().map(Timing::median);
    }
}
