package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Recipe;

/** The bundled model on the CPU target, under any recipe. */
final class DemoRecipes implements AutoCloseable {
    private final Checkpoint demo;
    private final Backend backend;

    /** @param work a folder for the unpacked model and the compiled kernels */
    DemoRecipes(Path work, VariantChooser chooser) {
        demo = Checkpoint.open(BundledModel.checkpoint(work));
        backend = new CpuBackend(2, chooser, new ArtifactCache(work.resolve("kernels")));
    }

    Checkpoint model() {
        return demo;
    }

    int[] encode(String text) {
        return demo.tokenizer().encode(text);
    }

    /** The model under {@code recipe}, quantized as it is loaded. */
    Checkpoint prepared(String recipe) {
        return Recipe.parse(recipe).quantizes() ? plan(recipe).inMemory() : demo;
    }

    /** What {@code recipe} does to each layer; calibrated on the bundled text where it has to be. */
    QuantizationPlan plan(String text) {
        Recipe recipe = Recipe.parse(text);
        Optional<CalibrationReport> calibration = recipe.partitioning()
                .map(partitioning -> new Calibrator(demo, backend)
                        .run(partitioning, recipe.quantizer().needs(), samples(), tokens -> {}));
        return new QuantizationPlan(recipe, demo, calibration);
    }

    /** The perplexity of {@code text}. */
    double score(Checkpoint checkpoint, Perplexity windows, int[] text) {
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            return Math.exp(windows.meanNll(decoder, text, tokens -> {}));
        }
    }

    private List<int[]> samples() {
        return CalibrationSamples.lines(demo.tokenizer(), BundledModel.calibrationText(), 256, 8, 1);
    }

    @Override
    public void close() {
        backend.close();
    }
}
