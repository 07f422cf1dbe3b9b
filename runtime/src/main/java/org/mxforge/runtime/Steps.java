package org.mxforge.runtime;

import org.mxforge.runtime.base.Progress;

/** A piece of work that goes on: passes its steps on, and ends it when it is cancelled. */
final class Steps implements AutoCloseable {
    private final Progress progress;
    private final Progress.Task task;
    private long done;

    private Steps(Progress progress, Progress.Task task) {
        this.progress = progress;
        this.task = task;
    }

    static Steps begin(Progress progress, String name, String unit, long total) {
        progress.check();
        return new Steps(progress, progress.begin(name, unit, total));
    }

    /** So many more units are done. */
    void advance(long units) {
        done += units;
        task.advance(units);
        progress.check();
    }

    /** So many units are done in all. */
    void reach(long units) {
        advance(units - done);
    }

    @Override
    public void close() {
        task.close();
    }
}
