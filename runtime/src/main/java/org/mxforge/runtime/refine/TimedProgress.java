package org.mxforge.runtime.refine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.quant.Refinement;

/** Passes on how work goes, and takes its time. */
final class TimedProgress implements Progress {
    private static final double NANOS = 1e9;

    private final Progress shown;
    private final long start = System.nanoTime();
    private final Map<String, Double> stages = new LinkedHashMap<>();

    TimedProgress(Progress shown) {
        this.shown = shown;
    }

    @Override
    public Task begin(String task, String unit, long total) {
        Task passed = shown.begin(task, unit, total);
        long begun = System.nanoTime();
        return new Task() {
            @Override
            public void advance(long units) {
                passed.advance(units);
            }

            @Override
            public void close() {
                passed.close();
                stages.merge(task, (System.nanoTime() - begun) / NANOS, Double::sum);
            }
        };
    }

    @Override
    public void warning(String sentence) {
        shown.warning(sentence);
    }

    @Override
    public boolean isCancelled() {
        return shown.isCancelled();
    }

    /** The time since this was made, and of it that of each kind of work. */
    Refinement.Took took() {
        return new Refinement.Took((System.nanoTime() - start) / NANOS, stages);
    }
}
