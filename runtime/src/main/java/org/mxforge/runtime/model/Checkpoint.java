package org.mxforge.runtime.model;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.model.family.ModelConfig.Rope;
import org.mxforge.runtime.model.tokenizer.Tokenizer;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.TensorTransform;

/**
 * A folder with a model in Hugging Face layout: {@code config.json}, safetensors, and {@code tokenizer.json} where there is
 * one. Nothing but headers is read on opening.
 */
public final class Checkpoint {
    private final Path folder;
    private final ModelConfig config;
    private final WeightReader weights;
    private final Function<LinearLayer, Linear.Weight> linears;
    private Tokenizer tokenizer;

    private Checkpoint(
            Path folder, ModelConfig config, WeightReader weights, Function<LinearLayer, Linear.Weight> linears) {
        this.folder = folder;
        this.config = config;
        this.weights = weights;
        this.linears = linears;
    }

    /**
     * Opens {@code folder}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming what is missing, damaged or not supported
     */
    public static Checkpoint open(Path folder) {
        TensorStore.requireIn(folder);
        return of(folder, ModelConfig.read(folder), TensorStore.open(folder));
    }

    /**
     * The checkpoint that {@code tensors} make up.
     *
     * @param folder what it is called, and where its other files are if it has any
     * @throws org.mxforge.runtime.base.MxForgeException naming what is missing or misshapen
     */
    public static Checkpoint of(Path folder, ModelConfig config, TensorStore tensors) {
        WeightReader weights = new WeightReader(tensors);
        boolean quantized = QuantizedTensors.in(weights.store());
        ModelConfig own = config.centred(weights::has);
        new RequiredTensors(own, weights.store(), quantized).check();
        if (!quantized) {
            return new Checkpoint(folder, own, weights, layer -> plain(weights, layer));
        }
        QuantizedTensors packed = QuantizedTensors.open(weights);
        return new Checkpoint(
                folder,
                own,
                weights,
                layer -> new Linear.Weight.Quantized(packed.weight(layer.name(), layer.outputs(), layer.channels())));
    }

    /** The same model, which is plain, from changed tensors; its output head is one of its own if {@code change} makes it so. */
    public Checkpoint with(TensorTransform change) {
        WeightReader changed = weights.with(change);
        ModelConfig own =
                change.copies().containsKey(config.untied().outputHead() + ".weight") ? config.untied() : config;
        return new Checkpoint(folder, own.centred(changed::has), changed, layer -> plain(changed, layer));
    }

    /** The same model with other weights in some linear layers: those for which {@code quantized} has one. */
    public Checkpoint with(Function<LinearLayer, Optional<QuantizedWeight>> quantized) {
        return new Checkpoint(folder, config, weights, layer -> quantized
                .apply(layer)
                .<Linear.Weight>map(Linear.Weight.Quantized::new)
                .orElseGet(() -> linears.apply(layer)));
    }

    /** The same model, which keeps the weights of {@code layers}: for those who load them again and again, and change them each time. */
    public Checkpoint keeping(List<LinearLayer> layers) {
        Map<LinearLayer, Linear.Weight> kept = new HashMap<>();
        layers.forEach(layer -> kept.put(layer, linears.apply(layer)));
        return new Checkpoint(folder, config, weights, layer -> Optional.ofNullable(kept.get(layer))
                .orElseGet(() -> linears.apply(layer)));
    }

    /** The same model, its linear layers brought into INT8 while they are loaded. */
    public Checkpoint inInt8() {
        return new Checkpoint(folder, config, weights, layer -> {
            if (layer.channels() > Int8GemmSpec.MOST_CHANNELS) {
                throw new MxForgeException(layer.name() + " has " + layer.channels() + " channels, more than the "
                        + Int8GemmSpec.MOST_CHANNELS + " whose products INT8 adds up: choose another recipe");
            }
            return new Linear.Weight.Int8(weights.plain(layer.name() + ".weight", layer.outputs(), layer.channels()));
        });
    }

    /** The same checkpoint run with rotary frequencies rounded to {@code precision}; see {@link Rope#precision}. */
    public Checkpoint withRopeFrequencies(ScalarType precision) {
        return new Checkpoint(folder, config.with(config.rope().with(precision)), weights, linears);
    }

    /**
     * The same model, its layers in parts for {@code count} devices that share it.
     *
     * @throws MxForgeException if these cannot share it, saying what could
     */
    Checkpoint shared(int count) {
        return count == 1 ? this : new Checkpoint(folder, config, weights, new SharedLayers(this, count));
    }

    /** Whether something is taken off behind its norms. */
    public boolean isCentred() {
        return config.decoderLayers().stream()
                .anyMatch(layer -> weights.has(layer.attention().norm() + ModelConfig.CENTRE)
                        || weights.has(layer.feedForward().norm() + ModelConfig.CENTRE));
    }

    public Path folder() {
        return folder;
    }

    public ModelConfig config() {
        return config;
    }

    /** All tensors, with their shape and content checked. */
    public WeightReader weights() {
        return weights;
    }

    /**
     * The weight of a linear layer, plain or quantized; read when it is wanted.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the tensor that is missing or misshapen, or later damaged
     */
    public Linear.Weight weight(LinearLayer layer) {
        return linears.apply(layer);
    }

    /**
     * Reads the weight of a linear layer of a quantized checkpoint.
     *
     * @throws org.mxforge.runtime.base.MxForgeException as {@link #weight} does
     */
    public QuantizedWeight quantizedWeight(LinearLayer layer) {
        return ((Linear.Weight.Quantized) weight(layer)).weight();
    }

    /** The weight of a linear layer of a checkpoint in which it is plain. */
    public PlainWeight plain(LinearLayer layer) {
        return ((Linear.Weight.Plain) weight(layer)).weight();
    }

    /** The weight of a layer that is plain in every checkpoint. */
    Linear.Weight plainWeight(LinearLayer layer) {
        return plain(weights, layer);
    }

    /** The biases of linear layers, one behind the other, zeros for a layer without one; null where none has one. */
    public float[] bias(List<LinearLayer> layers) {
        if (layers.stream().noneMatch(LinearLayer::bias)) {
            return null;
        }
        float[] biases =
                new float[layers.stream().mapToInt(LinearLayer::outputs).sum()];
        int at = 0;
        for (LinearLayer layer : layers) {
            if (layer.bias()) {
                System.arraycopy(weights.f32(layer.name() + ".bias", layer.outputs()), 0, biases, at, layer.outputs());
            }
            at += layer.outputs();
        }
        return biases;
    }

    private static Linear.Weight plain(WeightReader weights, LinearLayer layer) {
        return new Linear.Weight.Plain(weights.plain(layer.name() + ".weight", layer.outputs(), layer.channels()));
    }

    /** The tokenizer; opened when first asked for. */
    public synchronized Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        }
        return tokenizer;
    }
}
