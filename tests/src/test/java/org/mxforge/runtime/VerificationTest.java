package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.worker.FragileWorker;

/** A kernel that does not end, or takes its process down, is at fault, and the next one is compared. */
class VerificationTest {
    private static final KernelProblem PROBLEM =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32), OperandLayout.PLAIN);
    private static final GemmShape SHAPE = new GemmShape(64, 64, List.of(64));
    private static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.CPU);

    @Test
    void everyFaultIsSaid() {
        try (TuningDevice device = FragileWorker.device(Duration.ofSeconds(3))) {
            assertThat(fault(device, FragileWorker.HANGS)).hasValue("took longer than 3 s and was stopped");
            assertThat(fault(device, FragileWorker.DIES)).hasValue("the process for trials ended with code 77");
            assertThat(fault(device, FragileWorker.IS_WRONG)).hasValue("element (0, 0) is wrong");
            assertThat(fault(device, FragileWorker.IS_FAST)).isEmpty();
        }
    }

    private static Optional<String> fault(TuningDevice device, int place) {
        Verification verification = OpenDevice.verify(device, PROBLEM, SHAPE, LEGAL.get(place));
        assertThat(verification.passed()).isEqualTo(verification.fault().isEmpty());
        return verification.fault();
    }
}
