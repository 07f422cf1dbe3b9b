package org.mxforge.runtime.tune.wisdom;

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

/** Values that the tests of this wing share. */
public final class Samples {
    public static final String DEVICE = "Fake 3000";
    public static final Toolchain TOOLCHAIN = new Toolchain("0.1.0", "fakec 1", "-O9", "driver 7");
    public static final KernelSpec SPEC = new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32);
    public static final GemmShape SHAPE = new GemmShape(512, 768, List.of(256));
    public static final WisdomKey KEY = new WisdomKey(SPEC, Target.CPU, DEVICE, SHAPE);
    public static final List<Configuration> LEGAL = SPEC.space(Target.CPU).legal();

    private Samples() {}

    public static WisdomRecord trial(Configuration configuration, double milliseconds) {
        return new WisdomRecord(
                KEY,
                configuration,
                new TrialOutcome(TrialOutcome.Status.CORRECT, Optional.of(Timing.of(milliseconds)), ""),
                new Provenance(TOOLCHAIN, "abc", Provenance.FULL, Instant.parse("2026-01-02T03:04:05Z")),
                Optional.empty());
    }

    public static WisdomRecord winner(Configuration configuration, int tried) {
        WisdomRecord trial = trial(configuration, 1);
        return new WisdomRecord(
                KEY,
                configuration,
                trial.outcome(),
                trial.provenance(),
                Optional.of(new WisdomRecord.Coverage(tried, LEGAL.size())));
    }

    public static WisdomRecord failure(Configuration configuration, TrialOutcome.Status status, String detail) {
        WisdomRecord trial = trial(configuration, 1);
        return new WisdomRecord(
                KEY,
                configuration,
                new TrialOutcome(status, Optional.empty(), detail),
                trial.provenance(),
                Optional.empty());
    }
}
