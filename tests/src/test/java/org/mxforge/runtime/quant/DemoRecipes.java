package org.mxforge.runtime.quant;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.calibration.CalibrationReport;
import org.mxforge.runtime.calibration.CalibrationSamples;
import org.mxforge.runtime.calibration.Calibrator;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.convert.RecipeWeights;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.eval.PerplexityResult;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;

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
        return Recipe.parse(recipe) instanceof PlainRecipe
                ? demo
                : demo.with(new RecipeWeights(plan(recipe), demo.weights()));
    }

    /** What {@code recipe} does to each layer; calibrated on the bundled text where it has to be. */
    QuantizationPlan plan(String text) {
        Recipe recipe = Recipe.parse(text);
        Optional<CalibrationReport> calibration = recipe instanceof MicroMixRecipe mixed
                ? Optional.of(new Calibrator(demo, backend).run(mixed.partitioning(), samples(), tokens -> {}))
                : Optional.empty();
        return QuantizationPlan.of(recipe, demo.config().linearSites(), calibration);
    }

    PerplexityResult score(Checkpoint checkpoint, Perplexity perplexity, int[] text) {
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            return perplexity.of(decoder, text, tokens -> {});
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
