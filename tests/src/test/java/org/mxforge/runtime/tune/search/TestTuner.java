package org.mxforge.runtime.tune.search;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** A tuner for the tests of devices: it tries all candidates, or the first of them, and drops few. */
public final class TestTuner {
    private final Tuner tuner;

    /**
     * @param candidates most candidates that are tried
     * @param measuring how they are timed
     * @param factor a candidate this many times slower than the best one is not measured further
     */
    public TestTuner(Wisdom wisdom, TuningDevice device, int candidates, Trial.Measuring measuring, double factor) {
        TuningPlan plan =
                new TuningPlan("full", candidates, 4, Duration.ofMinutes(1), Duration.ofSeconds(30), measuring, factor);
        this.tuner = new Tuner(wisdom, device, plan, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
    }

    /** The winner. */
    public Optional<WisdomRecord> tune(KernelProblem problem, KernelShape shape) {
        return tuner.tune(problem, shape);
    }

    /** Right trials, fastest first. */
    public List<WisdomRecord> ranking(KernelProblem problem, KernelShape shape) {
        return tuner.ranking(tuner.key(problem, shape));
    }
}
