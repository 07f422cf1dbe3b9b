package org.mxforge.runtime;

import java.nio.file.Path;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.convert.CheckpointQuantizer;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.Recipe;

/**
 * A folder with a checkpoint in Hugging Face layout, plain or quantized: {@code config.json}, safetensors and, where there is
 * one, {@code tokenizer.json}. Nothing but headers is read on opening, and no device is needed. Immutable, and safe for
 * concurrent use; the files must stay as they are while it or a model loaded from it is in use.
 */
public final class ModelFolder {
    private final Checkpoint checkpoint;

    private ModelFolder(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /**
     * Opens {@code folder}.
     *
     * @throws MxForgeException naming what is missing, damaged or not supported
     */
    public static ModelFolder open(Path folder) {
        return new ModelFolder(
                Checkpoint.open(Arguments.require(folder, "a model's folder is missing: give its path")));
    }

    /**
     * The same model with its rotary frequencies rounded to BF16, as in one that was cast as a whole by
     * {@code model.to(torch.bfloat16)}: for comparison with that, since no file of a checkpoint tells.
     */
    public ModelFolder withRoundedRope() {
        return new ModelFolder(checkpoint.withRopeFrequencies(ScalarType.BF16));
    }

    public Path path() {
        return checkpoint.folder();
    }

    /** Whether its linear layers are packed already. */
    public boolean isQuantized() {
        return QuantizedTensors.in(checkpoint.weights().store());
    }

    /** How its linear layers are stored: the recipe that quantized them, or {@code bf16}, none. */
    public Recipe recipe() {
        return isQuantized() ? QuantizedTensors.open(checkpoint.weights()).recipe() : Quantization.NONE.recipe();
    }

    /** Decoder layers. */
    public int layers() {
        return checkpoint.config().layers();
    }

    /** Tokens there are. */
    public int vocabulary() {
        return checkpoint.config().vocabulary();
    }

    /** Longest context in tokens. */
    public int maxPositions() {
        return checkpoint.config().maxPositions();
    }

    /** What its tensors take as they are. */
    public ModelSize size() {
        return ModelSize.of(CheckpointSize.of(checkpoint));
    }

    /**
     * What its tensors would take under {@code quantization}.
     *
     * @throws MxForgeException if that does not fit this model
     */
    public ModelSize size(Quantization quantization) {
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        return quantization.recipe().quantizes()
                ? ModelSize.of(CheckpointSize.of(quantization.plan(checkpoint)))
                : size();
    }

    /**
     * The tokens of {@code text} alone.
     *
     * @throws MxForgeException if there is no tokenizer that can be used
     */
    public int[] encode(String text) {
        return checkpoint.tokenizer().encode(Arguments.require(text, "the text to encode is missing: give one"));
    }

    /** The tokens of {@code text} as a prompt: after the token that begins a text, where the tokenizer has one. */
    public int[] encodePrompt(String text) {
        return checkpoint.tokenizer().encodePrompt(Arguments.require(text, "the prompt is missing: give one"));
    }

    /** The text of {@code ids}. */
    public String decode(int... ids) {
        return checkpoint.tokenizer().decode(Arguments.require(ids, "the tokens to decode are missing: give them"));
    }

    /** As {@link #quantize(Quantization, Path, Progress)}, showing nothing. */
    public ModelSize quantize(Quantization quantization, Path output) {
        return quantize(quantization, output, Progress.SILENT);
    }

    /**
     * Writes a quantized copy: the linear layers packed, everything else as it is. The folder appears complete or not at all.
     *
     * @param output a folder that does not exist yet
     * @return what the copy's tensors take
     * @throws MxForgeException if this model is quantized already or does not fit, or {@code output} exists or cannot be written
     * @throws org.mxforge.runtime.base.CancelledException if {@code progress} cancels it
     */
    public ModelSize quantize(Quantization quantization, Path output, Progress progress) {
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        Arguments.require(output, "the folder to write is missing: give its path");
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        QuantizationPlan plan = quantization.plan(checkpoint);
        CheckpointQuantizer quantizer = new CheckpointQuantizer(plan);
        CheckpointSize size = CheckpointSize.of(plan);
        try (Steps steps = Steps.begin(progress, "quantizing", "weights", size.elements())) {
            quantizer.write(output, steps::advance);
        }
        return ModelSize.of(size);
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }
}
