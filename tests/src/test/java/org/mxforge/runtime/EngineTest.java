package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.Recipe;

/** What users of the API may rely on, on the CPU. */
class EngineTest {
    private static final EngineOptions CPU =
            EngineOptions.defaults().withDevice(DeviceKind.CPU).withThreads(2).withTuning(TuneMode.OFF);
    private static final GenerationOptions GREEDY = GenerationOptions.greedy(8);
    private static final KernelSpec GEMM = KernelSpec.parse("densegemm/v1;epilogue=none;out=fp32");

    @TempDir
    Path folder;

    /** Says stop after so many steps of work. */
    private static final class Cancelling implements Progress {
        private final List<String> tasks = new ArrayList<>();
        private final long last;
        private long steps;
        private int open;

        private Cancelling(long last) {
            this.last = last;
        }

        @Override
        public Task begin(String task, String unit, long total) {
            tasks.add(task);
            open++;
            return new Task() {
                @Override
                public void advance(long units) {
                    steps++;
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }

        @Override
        public boolean isCancelled() {
            return steps >= last;
        }
    }

    private static void refused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(sentence);
    }

    @Test
    void whatIsMissingIsRefusedAtOnce() {
        refused(() -> Engine.open(CPU, null), "progress listener is missing: give Progress.SILENT");
        refused(() -> Engine.open(null), "options are missing");
        refused(() -> ModelFolder.open(null), "folder is missing");
        refused(() -> CPU.withDevice(null), "device is missing");
        refused(() -> Quantization.by((Recipe) null), "recipe is missing");
        refused(() -> CalibrationOptions.defaults().withText(null), "text to calibrate on is missing");
        refused(() -> Kernels.catalogue(null), "target is missing");
        ModelFolder model = BundledModel.open();
        refused(() -> model.quantize(Quantization.by("mxfp4"), null), "folder to write is missing");
        try (Engine engine = Engine.open(CPU)) {
            refused(() -> engine.load(null), "model to load is missing");
            refused(() -> engine.tune(GEMM, null), "shape is missing: write it as m512");
            refused(() -> engine.tune(GEMM, "m1"), "bad shape 'm1'");
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> CPU.withThreads(0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> CPU.withTuning(TuneMode.QUICK, Duration.ofSeconds(-1)))
                .isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> ScoringOptions.defaults().withWindow(1)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> CalibrationOptions.defaults().withSamples(0)).isInstanceOf(MxForgeException.class);
    }

    @Test
    void anEngineBelongsToItsThread() {
        try (Engine engine = Engine.open(CPU)) {
            CompletableFuture<?> other = CompletableFuture.runAsync(engine::tuned);
            assertThatThrownBy(other::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use it in one thread");
        }
    }

    @Test
    void closingAnEngineClosesItsModels() {
        Engine engine = Engine.open(CPU);
        Model model = engine.load(BundledModel.open());
        engine.close();
        engine.close();
        model.close();
        assertThatThrownBy(() -> model.logits(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("engine is closed");
    }

    @Test
    void textComesPieceByPieceAndIsTheResult() {
        try (Engine engine = Engine.open(CPU);
                Model model = engine.load(BundledModel.open())) {
            List<String> pieces = new ArrayList<>();
            Generation generation = model.generate("The history of the", GREEDY, pieces::add);
            assertThat(pieces).hasSizeGreaterThan(1);
            assertThat(String.join("", pieces)).isEqualTo(generation.text());
            assertThat(generation.ids()).hasSize(8);
            float[] logits = model.logits(model.folder().encodePrompt("The history of the"));
            assertThat(logits.length % model.folder().vocabulary()).isZero();
        }
    }

    @Test
    void aListenerEndsAGeneration() {
        try (Engine engine = Engine.open(CPU);
                Model model = engine.load(BundledModel.open())) {
            assertThatThrownBy(() -> model.generate("The", GREEDY, piece -> {
                        throw new CancelledException();
                    }))
                    .isInstanceOf(CancelledException.class);
            assertThat(model.generate("The", GREEDY, piece -> {}).ids()).hasSize(8);
        }
    }

    @Test
    void scoringAndCalibratingAreShownAndCancelled() {
        Cancelling progress = new Cancelling(2);
        try (Engine engine = Engine.open(CPU, progress);
                Model model = engine.load(BundledModel.open())) {
            ScoringOptions windows = ScoringOptions.defaults().withWindow(16);
            assertThatThrownBy(() -> model.score(BundledModel.evaluationText(), windows))
                    .isInstanceOf(CancelledException.class);
            progress.steps = 0;
            Partitioning partitioning =
                    Recipe.parse("micromix;granularity=32").partitioning().orElseThrow();
            assertThatThrownBy(() -> engine.calibrate(
                            model.folder(),
                            partitioning,
                            CalibrationOptions.defaults().withSamples(4)))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(progress.tasks).containsExactly("scoring", "calibrating");
        assertThat(progress.open).isZero();
    }

    @Test
    void aCancelledQuantizationLeavesNothingBehind() throws Exception {
        Path output = folder.resolve("quantized");
        ModelFolder model = BundledModel.open();
        assertThatThrownBy(() -> model.quantize(Quantization.by("mxfp4"), output, new Cancelling(3)))
                .isInstanceOf(CancelledException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
        ModelSize written = model.quantize(Quantization.by("mxfp4"), output);
        assertThat(written).isEqualTo(model.size(Quantization.by("mxfp4")));
        assertThat(ModelFolder.open(output).isQuantized()).isTrue();
        assertThat(ModelFolder.open(output).size()).isEqualTo(written);
    }

    @Test
    void aSearchIsCancelledAndGoesOnLater() {
        // A shape of this test alone: the user's wisdom remembers it.
        String shape = "m3,n" + (16 + (int) (System.nanoTime() % 1000) * 2) + ",k64";
        Cancelling progress = new Cancelling(1);
        try (Engine engine = Engine.open(CPU.withTuning(TuneMode.FULL), progress)) {
            assertThatThrownBy(() -> engine.tune(GEMM, shape)).isInstanceOf(CancelledException.class);
            assertThat(progress.open).isZero();
            progress.steps = Long.MIN_VALUE;
            TunedKernel tuned = engine.tune(GEMM, shape);
            assertThat(tuned.measured()).isTrue();
            assertThat(engine.tuned()).containsExactly(tuned);
            assertThat(engine.tuningReport()).contains(tuned.shape());
        }
    }

    @Test
    void kernelsOfThisDeviceAgreeWithTheOracle() {
        try (Engine engine = Engine.open(CPU)) {
            assertThat(engine.verify(GEMM, "m37,n80,k128").fault()).isEmpty();
            refused(() -> engine.race(List.of(), "m37,n80,k128"), "between variants of one kernel");
            List<Verification> all = engine.verify();
            assertThat(all).isNotEmpty().allMatch(Verification::passed);
        }
    }

    /** A baseline that loses next to nothing; it runs in memory alone. */
    @Test
    void int8IsCloseToPlain() {
        ModelFolder demo = BundledModel.open();
        ScoringOptions options = new ScoringOptions(128, 2);
        try (Engine engine = Engine.open(CPU);
                Model plain = engine.load(demo);
                Model int8 = engine.load(demo, Quantization.by("int8"))) {
            double expected =
                    plain.score(BundledModel.evaluationText(), options).perplexity();
            assertThat(int8.score(BundledModel.evaluationText(), options).perplexity())
                    .isNotEqualTo(expected)
                    .isBetween(0.99 * expected, 1.01 * expected);
        }
        assertThat(demo.size(Quantization.by("int8")).bitsPerWeight()).isBetween(8.0, 8.5);
        assertThatThrownBy(() -> demo.quantize(Quantization.by("int8"), folder.resolve("int8")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("the recipe int8 is a baseline that runs in memory");
    }
}
