package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Calibrations;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.SiteCalibration;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Calibration through a whole model. */
class CalibratorTest {
    private static final Recipe RECIPE = Recipe.parse("micromix;granularity=32");
    private static final Partitioning PARTITIONING = RECIPE.partitioning().orElseThrow();

    @TempDir
    Path work;

    @Test
    void everySiteIsMeasuredWithEveryToken() {
        Checkpoint tiny = Checkpoint.open(TinyCheckpoint.write(work.resolve("tiny"), 128, 192));
        List<int[]> samples = List.of(new int[] {1, 2, 3}, new int[] {4, 5, 6, 7, 8});
        List<Long> progress = new ArrayList<>();
        CalibrationReport report = calibrate(tiny, PARTITIONING, samples, progress);
        assertThat(report.samples()).isEqualTo(2);
        assertThat(report.tokens()).isEqualTo(8);
        assertThat(progress).containsExactly(3L, 5L);
        assertThat(report.sites().keySet())
                .containsExactlyElementsOf(tiny.config().linearSites().stream()
                        .map(LinearSite::name)
                        .toList());
        assertThat(report.sites().values()).allSatisfy(site -> {
            assertThat(site.tokens()).isEqualTo(8);
            assertThat(Calibrations.elements(site)).isEqualTo(8L * site.channels());
            assertThat(site.absMax()).isPositive();
        });
        assertThat(report.warnings()).singleElement().asString().startsWith("Fewer than 32 tokens");
    }

    @Test
    void expertsThatNoTokenReachesAreCutAsTheOthers() {
        Checkpoint mixtral = Checkpoint.open(Fixtures.folder("fx-mixtral"));
        CalibrationReport report = calibrate(mixtral, PARTITIONING, List.of(new int[] {5}), new ArrayList<>());
        List<SiteCalibration> unseen = report.sites().values().stream()
                .filter(site -> site.tokens() == 0)
                .toList();
        // One token reaches two of the four experts in each of two layers.
        assertThat(unseen).hasSize(4).allSatisfy(site -> {
            assertThat(site.site()).contains("experts").endsWith(".w2");
            assertThat(site.order())
                    .isEqualTo(IntStream.range(0, site.channels()).toArray());
        });
        assertThat(report.warnings())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(
                        "No token reached " + unseen.get(0).site() + " and 3 other sites: channels keep their order"))
                .anyMatch(line -> line.startsWith("Fewer than 32 tokens reached "));
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".block_sparse_moe.experts.";
            assertThat(report.sites().get(prefix + "w1_w3").tokens()).isEqualTo(1);
            // Two tokens' worth of the channels between an expert's layers.
            assertThat(report.sites().values().stream()
                            .filter(site -> site.site().matches(prefix + "\\d\\.w2")))
                    .hasSize(4)
                    .allSatisfy(site -> assertThat(Calibrations.elements(site)).isEqualTo(2L * site.channels()))
                    .extracting(SiteCalibration::counts)
                    .containsOnly(report.sites().get(prefix + "0.w2").counts());
            assertThat(report.sites().get(prefix + "0.w2").counts().p4()).isPositive();
        }
        QuantizationPlan plan = new QuantizationPlan(RECIPE, mixtral, Optional.of(report));
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        Checkpoint quantized = Checkpoint.open(work.resolve("out"));
        try (CpuBackend backend = new CpuBackend(2, VariantChooser.DEFAULTS);
                Decoder decoder = Decoder.load(quantized, backend);
                KvCache cache = decoder.newCache(1, 4);
                KvCache.Sequence sequence = cache.open()) {
            decoder.logits(sequence, new int[] {1, 2, 3}, 1, (logits, row) -> {
                for (float logit : backend.download(logits)) {
                    assertThat(logit).isFinite();
                }
            });
        }
    }

    @Test
    void aWidthThatCannotBeCutIsNoticedBeforeTheModelRuns() {
        Checkpoint tiny = Checkpoint.open(TinyCheckpoint.write(work.resolve("tiny"), 128, 192));
        List<Long> progress = new ArrayList<>();
        assertThatThrownBy(() -> calibrate(tiny, Partitioning.DEFAULT, List.of(new int[] {1}), progress))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("model.layers.0.mlp.down", "granularity=64");
        assertThat(progress).isEmpty();
    }

    @Test
    void samplesAreLinesInAnOrderThatTheSeedDecides() {
        Checkpoint demo = Checkpoint.open(BundledModel.checkpoint(work));
        String text = "One line.\n\n   \nAnother line, which is longer than the first one.\n";
        List<int[]> pieces = CalibrationSamples.lines(demo.tokenizer(), text, 8, 100, 3);
        assertThat(pieces).hasSizeGreaterThan(2).allSatisfy(piece -> assertThat(piece.length)
                .isBetween(1, 8));
        assertThat(pieces.stream().map(demo.tokenizer()::decode).collect(Collectors.joining()))
                .contains("One line.", "Another line, which is longer than the first one.");
        assertThat(CalibrationSamples.lines(demo.tokenizer(), text, 8, 2, 3)).hasSize(2);
        assertThat(CalibrationSamples.lines(demo.tokenizer(), text, 8, 100, 3))
                .usingRecursiveComparison()
                .isEqualTo(pieces);
        assertThatThrownBy(() -> CalibrationSamples.lines(demo.tokenizer(), " \n\n", 8, 2, 3))
                .isInstanceOf(MxForgeException.class);
    }

    private static CalibrationReport calibrate(
            Checkpoint checkpoint, Partitioning partitioning, List<int[]> samples, List<Long> progress) {
        try (CpuBackend backend = new CpuBackend(2, VariantChooser.DEFAULTS)) {
            return new Calibrator(checkpoint, backend)
                    .run(partitioning, InputStatistics.Kind.NONE, samples, progress::add);
        }
    }
}
