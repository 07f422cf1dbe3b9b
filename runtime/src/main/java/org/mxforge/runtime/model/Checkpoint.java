package org.mxforge.runtime.model;

import java.nio.file.Path;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.family.ConfigReader;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.model.family.Rope;

/**
 * A folder with a model in Hugging Face layout: {@code config.json}, safetensors, and {@code tokenizer.json} where there is
 * one. Nothing but headers is read on opening.
 */
public final class Checkpoint {
    private final Path folder;
    private final ModelConfig config;
    private final WeightReader weights;
    private final LinearWeights linears;
    private Tokenizer tokenizer;

    private Checkpoint(Path folder, ModelConfig config, WeightReader weights, LinearWeights linears) {
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
        ModelConfig config = ConfigReader.read(folder);
        WeightReader weights = new WeightReader(TensorStore.open(folder));
        PlainWeights plain = new PlainWeights(weights);
        boolean quantized = QuantizedTensors.in(weights.store());
        LinearWeights linears = quantized ? new StoredWeights(QuantizedTensors.open(weights), plain) : plain;
        return new Checkpoint(folder, config, weights, linears);
    }

    /**
     * The same model from other weights.
     *
     * @param weights what is not in a linear layer
     * @param linears the linear layers, such as quantized while they are loaded
     */
    public Checkpoint with(WeightReader weights, LinearWeights linears) {
        return new Checkpoint(folder, config, weights, linears);
    }

    /** The same checkpoint run with rotary frequencies rounded to {@code precision}; see {@link Rope#precision}. */
    public Checkpoint withRopeFrequencies(ScalarType precision) {
        return new Checkpoint(folder, config.with(config.rope().with(precision)), weights, linears);
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

    /** The linear layers, plain or quantized. */
    public LinearWeights linears() {
        return linears;
    }

    /** The tokenizer; opened when first asked for. */
    public synchronized Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        }
        return tokenizer;
    }
}
