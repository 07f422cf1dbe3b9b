package org.mxforge.runtime.cli.bench;

import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.WisdomRecord;

/** Shows each search as a progress bar. */
final class TuningProgress implements TuningListener {
    private final Progress progress;
    private Progress.Task task;

    TuningProgress(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void began(WisdomKey key, int candidates) {
        task = progress.begin("tuning " + key.shape().text(), "variants", candidates);
    }

    @Override
    public void tried(WisdomRecord entry) {
        task.advance(1);
    }

    @Override
    public void ended(WisdomKey key) {
        task.close();
    }
}
