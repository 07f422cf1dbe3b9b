package org.mxforge.runtime.cli;

import org.mxforge.runtime.tune.search.TuningListener;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Shows each search as a progress bar. */
final class TuningProgress implements TuningListener {
    private final Console console;
    private Progress progress = Progress.SILENT;

    TuningProgress(Console console) {
        this.console = console;
    }

    @Override
    public void began(WisdomKey key, int candidates) {
        progress = console.progress("tuning " + key.shape().text(), "variants", candidates);
    }

    @Override
    public void tried(WisdomRecord entry) {
        progress.advance(1);
    }

    @Override
    public void ended(WisdomKey key) {
        progress.close();
        progress = Progress.SILENT;
    }
}
