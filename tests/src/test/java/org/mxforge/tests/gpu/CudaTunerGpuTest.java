package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.trial.CudaTuningDevice;
import org.mxforge.runtime.trial.worker.GpuWorker;
import org.mxforge.runtime.trial.worker.WorkerDevice;
import org.mxforge.runtime.trial.worker.WorkerLauncher;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.Measuring;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.Timing;
import org.mxforge.runtime.tune.TrialStatus;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;
import org.mxforge.runtime.tune.WisdomRecord;

/** The tuner finds right kernels on a GPU; none of the candidates is wrong. */
@Tag("gpu")
class CudaTunerGpuTest {
    private static final TuningPlan PLAN = new TuningPlan(
            "full",
            Integer.MAX_VALUE,
            4,
            Duration.ofMinutes(1),
            Duration.ofSeconds(20),
            new Measuring(Duration.ofMillis(1), Duration.ofMillis(10), 2, 1, 100),
            100);

    @TempDir
    Path folder;

    static Stream<Arguments> gemms() {
        return Stream.of(
                Arguments.of(
                        new MxGemmSpec(Catalogue.MICROMIX_W4, GroupLayout.TILED, Epilogue.NONE, ScalarType.BF16),
                        new GemmShape(130, 300, List.of(512, 128, 128))),
                Arguments.of(
                        new DenseGemmSpec(Epilogue.SILU_MUL, ScalarType.BF16), new GemmShape(1, 300, List.of(768))));
    }

    @ParameterizedTest
    @MethodSource("gemms")
    void everyCandidateIsRight(KernelSpec spec, GemmShape shape) {
        everyCandidateIsRight(new CudaTuningDevice(GpuTest.context(), GpuTest.kernels()), spec, shape);
    }

    @ParameterizedTest
    @MethodSource("gemms")
    void everyCandidateIsRightInAWorkerProcess(KernelSpec spec, GemmShape shape) {
        CudaTuningDevice facts = new CudaTuningDevice(GpuTest.context(), GpuTest.kernels());
        WorkerLauncher launcher = WorkerLauncher.java(GpuWorker.class);
        try (WorkerDevice device = new WorkerDevice(facts, launcher, Duration.ofMinutes(1))) {
            everyCandidateIsRight(device, spec, shape);
        }
    }

    @Test
    void aCandidateThatSpoilsTheContextCostsItselfAlone() {
        KernelSpec spec = new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16);
        CudaTuningDevice facts = new CudaTuningDevice(GpuTest.context(), GpuTest.kernels());
        WorkerLauncher launcher = WorkerLauncher.java(SpoilingWorker.class);
        Wisdom wisdom = Wisdom.open(folder, facts.name());
        WisdomRecord winner;
        try (WorkerDevice device = new WorkerDevice(facts, launcher, Duration.ofMinutes(1))) {
            Tuner tuner = new Tuner(wisdom, device, PLAN, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT);
            winner = tuner.tune(spec, new GemmShape(16, 256, List.of(512))).orElseThrow();
        }
        List<Configuration> legal = spec.space(facts.target()).legal();
        List<WisdomRecord> trials = wisdom.records(winner.key()).stream()
                .filter(entry -> entry.coverage().isEmpty())
                .toList();
        assertThat(trials).hasSameSizeAs(legal).allSatisfy(entry -> {
            boolean bad = entry.configuration().equals(legal.get(SpoilingWorker.BAD));
            assertThat(entry.outcome().status()).isEqualTo(bad ? TrialStatus.RUNTIME : TrialStatus.CORRECT);
            assertThat(entry.outcome().detail()).contains(bad ? "outside its memory" : "");
        });
    }

    private void everyCandidateIsRight(TuningDevice device, KernelSpec spec, GemmShape shape) {
        Wisdom wisdom = Wisdom.open(folder, device.name());
        Tuner tuner = new Tuner(wisdom, device, PLAN, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT);
        Optional<WisdomRecord> winner = tuner.tune(spec, shape);
        assertThat(winner).isPresent();
        Timing timing = winner.get().outcome().timing().orElseThrow();
        assertThat(timing.clock().orElseThrow()).as("MHz").isBetween(100, 5000);
        assertThat(tuner.ranking(tuner.key(spec, shape)))
                .hasSameSizeAs(spec.space(device.target()).legal());
    }
}
