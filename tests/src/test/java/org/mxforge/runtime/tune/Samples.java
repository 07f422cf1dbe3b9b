package org.mxforge.runtime.tune;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;

/** Values that the tests of this package share. */
final class Samples {
    static final KernelSpec SPEC = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
    static final GemmShape SHAPE = new GemmShape(512, 768, List.of(256));
    static final WisdomKey KEY = new WisdomKey(SPEC, Target.CPU, FakeDevice.NAME, SHAPE);
    static final List<Configuration> LEGAL = SPEC.space(Target.CPU).legal();

    /** No warm-up and five samples, with time enough for everything. */
    static final TuningPlan PLAN = new TuningPlan(
            "full",
            Integer.MAX_VALUE,
            4,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            new Measuring(Duration.ZERO, Duration.ofMinutes(1), 5, 1, 2),
            2);

    /** {@link #PLAN} without time: the first candidate alone runs. */
    static final TuningPlan NO_TIME = new TuningPlan(
            PLAN.name(),
            PLAN.candidates(),
            PLAN.batch(),
            Duration.ZERO,
            PLAN.candidateLimit(),
            PLAN.measuring(),
            PLAN.abandonFactor());

    private Samples() {}

    static WisdomRecord trial(Configuration configuration, double milliseconds) {
        return new WisdomRecord(
                KEY,
                configuration,
                new TrialOutcome(TrialStatus.CORRECT, Optional.of(Timing.of(milliseconds)), ""),
                new Provenance(FakeDevice.TOOLCHAIN, "abc", PLAN.name(), Instant.parse("2026-01-02T03:04:05Z")),
                Optional.empty());
    }

    static WisdomRecord winner(Configuration configuration, int tried) {
        WisdomRecord trial = trial(configuration, 1);
        return new WisdomRecord(
                KEY,
                configuration,
                trial.outcome(),
                trial.provenance(),
                Optional.of(new Coverage(tried, LEGAL.size())));
    }

    static WisdomRecord failure(Configuration configuration, TrialStatus status, String detail) {
        WisdomRecord trial = trial(configuration, 1);
        return new WisdomRecord(
                KEY,
                configuration,
                new TrialOutcome(status, Optional.empty(), detail),
                trial.provenance(),
                Optional.empty());
    }
}
