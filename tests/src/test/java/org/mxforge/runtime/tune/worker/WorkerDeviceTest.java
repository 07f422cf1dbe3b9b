package org.mxforge.runtime.tune.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TestTuner;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;

/** A candidate that takes its process down is recorded, the process is replaced, and the search goes on. */
class WorkerDeviceTest {
    private static final KernelProblem PROBLEM =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32), OperandLayout.PLAIN);
    private static final GemmShape SHAPE = new GemmShape(64, 64, List.of(64));
    private static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.CPU);
    private static final Trial.Measuring MEASURING = new Trial.Measuring(Duration.ZERO, Duration.ofMillis(50), 3, 2, 2);

    @TempDir
    Path folder;

    private final AtomicInteger started = new AtomicInteger();

    private WorkerLauncher counted(WorkerLauncher launcher) {
        return () -> {
            started.incrementAndGet();
            return launcher.start();
        };
    }

    @Test
    void everyFailureIsRecordedAndTheSearchGoesOn() {
        WorkerLauncher launcher = counted(WorkerLauncher.java(FragileWorker.class));
        Wisdom wisdom = Wisdom.open(folder, "Fragile 1");
        WisdomRecord winner;
        try (WorkerDevice device = new WorkerDevice(new FragileWorker(), launcher, Duration.ofSeconds(5))) {
            TestTuner tuner = new TestTuner(wisdom, device, Integer.MAX_VALUE, MEASURING, 2);
            winner = tuner.tune(PROBLEM, SHAPE).orElseThrow();
        }
        assertThat(winner.variant()).isEqualTo(LEGAL.get(FragileWorker.IS_FAST));
        Map<KernelVariant, Outcome> outcomes = wisdom.records(winner.key()).stream()
                .filter(entry -> entry.coverage().isEmpty())
                .collect(Collectors.toMap(WisdomRecord::variant, WisdomRecord::outcome));
        assertThat(outcomes.keySet()).containsExactlyInAnyOrderElementsOf(LEGAL);
        assertOutcome(outcomes, FragileWorker.DIES, Outcome.Status.RUNTIME, "ended with code 77");
        assertOutcome(outcomes, FragileWorker.SPOILS_THE_DEVICE, Outcome.Status.RUNTIME, "an illegal address");
        assertOutcome(outcomes, FragileWorker.HANGS, Outcome.Status.TIMEOUT, "longer than 5 s");
        assertOutcome(outcomes, FragileWorker.IS_REFUSED, Outcome.Status.CONSTRAINTS, "not this shape");
        assertOutcome(outcomes, FragileWorker.IS_WRONG, Outcome.Status.CORRECTNESS, "element (0, 0)");
        assertOutcome(outcomes, FragileWorker.FINDS_NO_MEMORY, Outcome.Status.RUNTIME, "no memory for it");
        assertThat(outcomes.values())
                .filteredOn(outcome -> outcome.status() == Outcome.Status.CORRECT)
                .hasSize(LEGAL.size() - 6);
        assertThat(started.get())
                .as("the first one, and one after each that was lost")
                .isEqualTo(4);
    }

    private static void assertOutcome(
            Map<KernelVariant, Outcome> outcomes, int place, Outcome.Status status, String detail) {
        Outcome outcome = outcomes.get(LEGAL.get(place));
        assertThat(outcome.status()).as("candidate %d", place).isEqualTo(status);
        assertThat(outcome.detail()).contains(detail);
    }

    @Test
    void oneProcessServesAllShapes() {
        WorkerLauncher launcher = counted(WorkerLauncher.java(FragileWorker.class));
        try (WorkerDevice device = new WorkerDevice(new FragileWorker(), launcher, Duration.ofSeconds(20))) {
            for (int n : List.of(64, 128)) {
                device.trial(PROBLEM, new GemmShape(64, n, List.of(64)), LEGAL).close();
            }
        }
        assertThat(started.get()).isEqualTo(1);
    }

    @Test
    void aWorkerThatCannotStartIsSaidSo() {
        WorkerLauncher none = () -> {
            throw new IOException("no such program");
        };
        WorkerLauncher silent = () -> new ProcessBuilder("true").start();
        for (WorkerLauncher launcher : List.of(none, silent)) {
            try (WorkerDevice device = new WorkerDevice(new FragileWorker(), launcher, Duration.ofSeconds(20))) {
                assertThatExceptionOfType(MxForgeException.class)
                        .isThrownBy(() -> device.trial(PROBLEM, SHAPE, LEGAL))
                        .withMessageContaining("process for trials");
            }
        }
    }
}
