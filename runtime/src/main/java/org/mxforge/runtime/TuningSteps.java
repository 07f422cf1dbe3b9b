package org.mxforge.runtime;

import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.WisdomRecord;

/** Shows each search as a piece of work, and ends it when it is cancelled. */
final class TuningSteps implements TuningListener {
    private final Progress progress;
    private Steps steps;

    TuningSteps(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void began(WisdomKey key, int candidates) {
        steps = Steps.begin(progress, "tuning " + key.shape().text(), "variants", candidates);
    }

    @Override
    public void tried(WisdomRecord entry) {
        steps.advance(1);
    }

    @Override
    public void ended(WisdomKey key) {
        steps.close();
    }
}
