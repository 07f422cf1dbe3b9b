package org.mxforge.runtime.tune.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.Timing;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.WisdomRecord;

/**
 * What a page shows of one shape.
 *
 * @param key what was searched for
 * @param choice what was chosen
 * @param trials the trials on record, in the order they were made
 * @param floor milliseconds that no kernel can go below, where they are known
 * @param estimates milliseconds that the cost model expected, where it has an opinion
 */
public record SearchReport(
        WisdomKey key,
        Choice choice,
        List<WisdomRecord> trials,
        OptionalDouble floor,
        Map<Configuration, Double> estimates) {
    public SearchReport {
        trials = List.copyOf(trials);
        estimates = Map.copyOf(estimates);
    }

    /** What a trial took; empty if it failed. */
    static Optional<Double> millis(WisdomRecord trial) {
        return trial.outcome().timing().map(Timing::median);
    }
}
