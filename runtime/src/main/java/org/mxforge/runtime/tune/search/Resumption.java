package org.mxforge.runtime.tune.search;

import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * What earlier searches on this machine measured and a new one need not measure again: under the same key, with the same tools
 * and driver, from the same source, and at least as well.
 */
record Resumption(Wisdom wisdom, TuningDevice device, TuningPlan plan) {
    /** The newest such trial of {@code candidate}. */
    Optional<WisdomRecord> measured(WisdomKey key, KernelVariant candidate) {
        return wisdom.records(key).stream()
                .filter(entry -> entry.coverage().isEmpty()
                        && entry.variant().equals(candidate)
                        && isWellMeasured(entry)
                        && isSameKernel(entry))
                .reduce((older, newer) -> newer);
    }

    /** Whether {@code entry} is such a trial. */
    boolean knew(WisdomRecord entry) {
        return wisdom.records(entry.key()).contains(entry) && isWellMeasured(entry) && isSameKernel(entry);
    }

    /** What failed while it ran may have failed for want of memory that another program had. */
    private boolean isWellMeasured(WisdomRecord entry) {
        String by = entry.provenance().plan();
        return entry.outcome().status() != WisdomRecord.Outcome.Status.RUNTIME
                && (by.equals(plan.name()) || by.equals(WisdomRecord.Provenance.FULL));
    }

    private boolean isSameKernel(WisdomRecord entry) {
        return entry.provenance().toolchain().equals(device.toolchain())
                && entry.provenance().source().equals(device.source(entry.variant()));
    }
}
