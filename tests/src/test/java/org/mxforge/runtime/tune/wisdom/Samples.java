package org.mxforge.runtime.tune.wisdom;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Provenance;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** Values that the tests of this wing share. */
public final class Samples {
    public static final String DEVICE = "Fake 3000";
    public static final Toolchain TOOLCHAIN = new Toolchain("0.1.0", "fakec 1", "-O9", "driver 7");
    public static final KernelProblem PROBLEM =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32), OperandLayout.PLAIN);
    public static final GemmShape SHAPE = new GemmShape(512, 768, List.of(256));
    public static final WisdomKey KEY = new WisdomKey(PROBLEM, Target.CPU, DEVICE, SHAPE);
    public static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.CPU);

    private Samples() {}

    public static WisdomRecord trial(KernelVariant variant, double milliseconds) {
        return new WisdomRecord(
                KEY,
                variant,
                new Outcome(Outcome.Status.CORRECT, Optional.of(Timing.of(milliseconds)), ""),
                new Provenance(TOOLCHAIN, "abc", Provenance.FULL, Instant.parse("2026-01-02T03:04:05Z")),
                Optional.empty());
    }

    public static WisdomRecord winner(KernelVariant variant, int tried) {
        WisdomRecord trial = trial(variant, 1);
        return new WisdomRecord(
                KEY,
                variant,
                trial.outcome(),
                trial.provenance(),
                Optional.of(new WisdomRecord.Coverage(tried, LEGAL.size())));
    }

    public static WisdomRecord failure(KernelVariant variant, Outcome.Status status, String detail) {
        WisdomRecord trial = trial(variant, 1);
        return new WisdomRecord(
                KEY, variant, new Outcome(status, Optional.empty(), detail), trial.provenance(), Optional.empty());
    }
}
