package org.mxforge.runtime;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.Recipe;

/**
 * A model with random weights, to be timed and not to be read. Its weights are in no file: they are made when they are loaded.
 *
 * @param folder the model, without a tokenizer; its path is a name and no folder
 */
public record RandomModel(ModelFolder folder) {
    /** A prime number of values, which repeat: rows still differ. */
    private static final int VALUES = 1_048_573;

    /** As weights of these models scatter. */
    private static final double DEVIATION = 0.02;

    private static final long SEED = 1;

    static RandomModel of(ModelShape shape) {
        Path name = Path.of(shape.name() + " (random weights)");
        ModelConfig config = ModelConfig.of(shape.name(), shape.config());
        Map<String, long[]> shapes = shapes(config);
        short[] values = values();
        short[] ones = new short[VALUES];
        Arrays.fill(ones, Bfloat16.fromFloat(1));
        // Norms alone have one dimension and no bias in their name: as in models that begin to learn, they are 1.
        TensorStore tensors = TensorStore.repeating(
                name, shapes, tensor -> shapes.get(tensor).length == 1 && tensor.endsWith(".weight") ? ones : values);
        return new RandomModel(new ModelFolder(Checkpoint.of(name, config, tensors)));
    }

    private static short[] values() {
        SplittableRandom random = new SplittableRandom(SEED);
        short[] values = new short[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = Bfloat16.fromFloat((float) (DEVIATION * random.nextGaussian()));
        }
        return values;
    }

    /** All tensors that a model of dense or routed layers has, with their sizes. */
    private static Map<String, long[]> shapes(ModelConfig config) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put(config.embedding() + ".weight", new long[] {config.vocabulary(), config.hidden()});
        tensors.put(config.outputHead() + ".weight", new long[] {config.vocabulary(), config.hidden()});
        tensors.put(config.norm() + ".weight", new long[] {config.hidden()});
        config.decoderLayers().forEach(layer -> {
            tensors.put(layer.attention().norm() + ".weight", new long[] {config.hidden()});
            tensors.put(layer.feedForward().norm() + ".weight", new long[] {config.hidden()});
            layer.feedForward().map(gated -> null, routed -> {
                put(tensors, routed.router());
                return null;
            });
        });
        config.linearSites().stream()
                .map(LinearSite::layers)
                .flatMap(Collection::stream)
                .forEach(layer -> put(tensors, layer));
        return tensors;
    }

    private static void put(Map<String, long[]> tensors, LinearLayer layer) {
        tensors.put(layer.name() + ".weight", new long[] {layer.outputs(), layer.channels()});
        if (layer.bias()) {
            tensors.put(layer.name() + ".bias", new long[] {layer.outputs()});
        }
    }

    /**
     * {@code recipe} for this model. There is nothing to calibrate on: where the recipe orders channels, their order is random.
     *
     * @throws MxForgeException if the recipe cuts channels by what a calibration measures, or does not fit this model
     */
    public Quantization quantization(Recipe recipe) {
        Quantization plain = Quantization.by(recipe);
        return recipe.partitioning()
                .map(cut -> {
                    if (cut.isMeasured()) {
                        throw new MxForgeException(
                                "the recipe " + recipe.text() + " cuts channels by what it measures on text, which"
                                        + " says nothing about random weights: give the shares"
                                        + " of FP4, FP6 and FP8, as in"
                                        + " 'micromix;shares=70:20:10', or a folder with a"
                                        + " checkpoint");
                    }
                    return plain.with(CalibrationReport.shuffled(
                            folder.checkpoint().config().linearSites(), cut, SEED));
                })
                .orElse(plain);
    }
}
