package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.TensorTransform;
import org.mxforge.runtime.quant.TinyCheckpoint;
import org.mxforge.runtime.quant.WeightQuantizer;

/** What a recipe of one's own may bring: an algorithm with statistics of the inputs, and a change of the tensors before. */
class AlgorithmSeatsTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";
    private static final String NORM = "model.layers.0.input_layernorm.weight";
    private static final int HIDDEN = 128;

    @TempDir
    Path work;

    private Checkpoint plain;

    /** MXFP8 with something of its own. */
    private record Own(WeightQuantizer quantizer, TensorTransform change) implements Recipe {
        private static final Recipe BASE = Recipe.parse("mxfp8");

        @Override
        public String text() {
            return BASE.text();
        }

        @Override
        public ScaleRule rule() {
            return BASE.rule();
        }

        @Override
        public Optional<Partitioning> partitioning() {
            return Optional.of(Partitioning.byThreshold("mean", 1, 32));
        }

        @Override
        public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
            return BASE.input(site, calibration);
        }

        @Override
        public TensorTransform transform(List<LinearSite> sites, Optional<CalibrationReport> calibration) {
            return change;
        }
    }

    /** Rounds to nearest after looking at the statistics. */
    private record Looking(InputStatistics.Kind needs, Function<InputStatistics, Float> factor)
            implements WeightQuantizer {
        @Override
        public PackedMatrix quantize(float[] weight, int outputs, InputStatistics statistics, InputQuantization input) {
            float[] changed = weight.clone();
            for (int i = 0; i < changed.length; i++) {
                changed[i] *= factor.apply(statistics);
            }
            return ROUND_TO_NEAREST.quantize(changed, outputs, new InputStatistics.None(), input);
        }
    }

    /** Takes the scale of channel c out of the norm and into the queries, keys and values. */
    private static final TensorTransform SMOOTHING = new TensorTransform() {
        @Override
        public boolean changes(String tensor) {
            return tensor.equals(NORM) || tensor.matches(".*\\.[qkv]_proj\\.weight");
        }

        @Override
        public void apply(String tensor, float[] values) {
            for (int i = 0; i < values.length; i++) {
                float scale = i % HIDDEN % 3 == 0 ? 4 : 1;
                values[i] *= tensor.equals(NORM) ? 1 / scale : scale;
            }
        }
    };

    @BeforeEach
    void write() {
        plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("tiny"), HIDDEN, 192));
    }

    @Test
    void calibrationGathersWhatTheAlgorithmAsksFor() {
        for (InputStatistics.Kind kind : InputStatistics.Kind.values()) {
            Recipe recipe = new Own(new Looking(kind, statistics -> 1f), TensorTransform.NONE);
            assertThat(calibrate(recipe).sites().values())
                    .hasSize(4)
                    .allSatisfy(site -> assertThat(site.statistics().kind()).isEqualTo(kind));
        }
    }

    @Test
    void theAlgorithmGetsTheStatisticsOfItsSite() {
        Recipe recipe = new Own(
                new Looking(
                        InputStatistics.Kind.HESSIAN,
                        statistics ->
                                ((InputStatistics.Hessian) statistics).mean().length == HIDDEN * HIDDEN ? 2f : 8f),
                TensorTransform.NONE);
        CalibrationReport report = calibrate(recipe);
        QuantizationPlan ours = new QuantizationPlan(recipe, plain, Optional.of(report));
        QuantizationPlan usual = new QuantizationPlan(Recipe.parse("mxfp8"), plain, Optional.empty());
        usual.sites().keySet().forEach(site -> site.layers().forEach(layer -> {
            // A power of two goes to the scales alone.
            byte[] expected = usual.quantize(layer).matrix().partitions().get(0).scales();
            byte[] found = ours.quantize(layer).matrix().partitions().get(0).scales();
            for (int i = 0; i < expected.length; i++) {
                assertThat((byte) (found[i] - expected[i])).isEqualTo((byte) (site.channels() == HIDDEN ? 1 : 3));
            }
        }));
    }

    @Test
    void aSavedCalibrationHoldsNoStatistics() {
        Recipe recipe = new Own(new Looking(InputStatistics.Kind.CHANNEL, s -> 1f), TensorTransform.NONE);
        calibrate(recipe).save(work.resolve("calibration.json"));
        CalibrationReport loaded = CalibrationReport.load(work.resolve("calibration.json"));
        assertThatThrownBy(() -> new QuantizationPlan(recipe, plain, Optional.of(loaded)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("calibrate with this recipe");
    }

    @Test
    void tensorsAreChangedBeforeTheyAreQuantizedOrCopied() {
        Recipe recipe = new Own(WeightQuantizer.ROUND_TO_NEAREST, SMOOTHING);
        QuantizationPlan plan = new QuantizationPlan(recipe, plain, Optional.empty());
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        float[] original = plain.weights().f32(NORM, HIDDEN);
        Checkpoint saved = Checkpoint.open(work.resolve("out"));
        for (Checkpoint changed : List.of(plan.inMemory(), saved)) {
            float[] norm = changed.weights().f32(NORM, HIDDEN);
            for (int i = 0; i < norm.length; i++) {
                assertThat(norm[i]).isEqualTo(i % 3 == 0 ? original[i] / 4 : original[i]);
            }
            assertThat(changed.weights().f32("model.norm.weight", HIDDEN))
                    .isEqualTo(plain.weights().f32("model.norm.weight", HIDDEN));
        }
        float[] query = plain.weights().f32(QUERY, HIDDEN, HIDDEN);
        SMOOTHING.apply(QUERY, query);
        var layer = plan.sites().keySet().iterator().next().layers().get(0);
        assertThat(plan.quantize(layer).matrix())
                .usingRecursiveComparison()
                .isEqualTo(WeightQuantizer.ROUND_TO_NEAREST.quantize(
                        query,
                        HIDDEN,
                        new InputStatistics.None(),
                        plan.quantize(layer).input()));
        assertThat(plan.inMemory().weights().values(QUERY, HIDDEN, HIDDEN).get(3))
                .isEqualTo(query[3]);
    }

    private CalibrationReport calibrate(Recipe recipe) {
        try (CpuBackend backend = new CpuBackend(1, VariantChooser.DEFAULTS)) {
            return new Calibrator(plain, backend)
                    .run(
                            recipe.partitioning().orElseThrow(),
                            recipe.quantizer().needs(),
                            List.of(new int[] {1, 2, 3}),
                            tokens -> {});
        }
    }
}
