package org.mxforge.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.convert.CheckpointImport;
import org.mxforge.runtime.convert.CheckpointQuantizer;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.convert.MicroMixCalibration;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Generator;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.Recipe;

/**
 * A folder with a checkpoint in Hugging Face layout, plain or quantized: {@code config.json}, safetensors and, where there is
 * one, {@code tokenizer.json}. Nothing but headers is read on opening, and no device is needed. Immutable, and safe for
 * concurrent use; the files must stay as they are while it or a model loaded from it is in use.
 */
public final class ModelFolder {
    private final Checkpoint checkpoint;

    ModelFolder(Checkpoint checkpoint) {
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
        return quantization.recipe().quantizes() ? ModelSize.of(quantization.size(checkpoint)) : size();
    }

    /**
     * Mean bits of an activation that its linear layers would read under {@code quantization}, its share of the scales included.
     *
     * @throws MxForgeException if that does not fit this model
     */
    public double activationBits(Quantization quantization) {
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        if (quantization.recipe().isInt8()) {
            return Byte.SIZE;
        }
        return quantization.recipe().quantizes() ? quantization.plan(checkpoint).activationBits() : Short.SIZE;
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

    /**
     * Refuses a way of quantizing that does not fit this model, before it is calibrated or loaded; one whose calibration is not there yet
     * as far as can be said without.
     *
     * @throws MxForgeException if this model is quantized already by another recipe, or its layers are too narrow or cannot be cut so
     */
    public void check(Quantization quantization) {
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        if (!quantization.recipe().quantizes()) {
            return;
        }
        if (isQuantized()) {
            quantization.requireStored(this);
        } else if (quantization.recipe().isInt8()) {
            // Any layer can be brought into it.
            return;
        } else if (quantization.needsCalibration()) {
            quantization.recipe().mixed().ifPresent(mixed -> mixed.budget().check(linearWeights()));
            quantization.recipe().partitioning().ifPresent(cut -> checkpoint
                    .config()
                    .linearSites()
                    .forEach(site -> cut.check(site.name(), site.channels())));
        } else {
            quantization.plan(checkpoint);
        }
    }

    /**
     * Refuses what {@link #quantize(Quantization, CheckpointFormat, Path, Progress)} would, before it is calibrated.
     *
     * @throws MxForgeException as {@link #check(Quantization)} does, or if {@code format} cannot express the recipe
     */
    public void check(Quantization quantization, CheckpointFormat format) {
        check(quantization);
        Arguments.require(format, "a checkpoint's format is missing: give CheckpointFormat.MXFORGE, say");
        if (!quantization.needsCalibration()) {
            CheckpointQuantizer.check(quantization.plan(checkpoint), format);
        } else if (format != CheckpointFormat.MXFORGE) {
            throw CheckpointQuantizer.inexpressible(quantization.recipe(), format);
        }
    }

    /**
     * Refuses a way of keeping keys and values that is not for this model's heads, before it is loaded for it.
     *
     * @throws MxForgeException saying which heads it is for
     */
    public void check(CacheFormat cache) {
        checkpoint
                .config()
                .checkCache(Arguments.require(cache, "a cache's format is missing: give CacheFormat.BF16, say"));
    }

    /**
     * Refuses a prompt that cannot be continued, before this model is loaded for it.
     *
     * @throws MxForgeException if it is empty, leaves no room in the model's context, or is of another vocabulary
     */
    public void checkPrompt(int... ids) {
        Generator.check(checkpoint.config(), Arguments.require(ids, "the prompt is missing: give its tokens"));
    }

    /**
     * Refuses a text that cannot be scored so, before this model is loaded for it.
     *
     * @throws MxForgeException if there is not one whole window of it, the model does not take one as long, or it is of another vocabulary
     */
    public void checkScoring(int[] ids, ScoringOptions options) {
        Arguments.require(ids, "the text to score is missing: give its tokens");
        Arguments.require(options, "the options of scoring are missing: give ScoringOptions.defaults(), say");
        options.perplexity().check(checkpoint.config(), ids.length);
        checkpoint.config().checkTokens(ids);
    }

    /**
     * Refuses tokens that this model does not take, before it is loaded for them.
     *
     * @throws MxForgeException if there are too many in a sequence, or one is none of the model's
     */
    public void checkTokens(TokenBatch tokens) {
        Arguments.require(tokens, "the tokens are missing: give a batch of them")
                .check(checkpoint.config());
    }

    /**
     * Refuses so many tokens at a time as the model does not take.
     *
     * @throws MxForgeException saying how many it takes
     */
    public void checkContext(int tokens) {
        checkpoint.config().checkContext(tokens);
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
        return quantize(quantization, CheckpointFormat.MXFORGE, output, progress);
    }

    /**
     * The same in a form for others.
     *
     * @throws MxForgeException if {@code format} cannot express the recipe, too
     */
    public ModelSize quantize(Quantization quantization, CheckpointFormat format, Path output, Progress progress) {
        Arguments.require(quantization, "a quantization is missing: give one, such as Quantization.by(\"mxfp4\")");
        Arguments.require(format, "a checkpoint's format is missing: give CheckpointFormat.MXFORGE, say");
        Arguments.require(output, "the folder to write is missing: give its path");
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        QuantizationPlan plan = quantization.plan(checkpoint);
        CheckpointQuantizer quantizer = new CheckpointQuantizer(plan, format);
        CheckpointSize size = CheckpointSize.of(plan, format);
        try (Steps steps = Steps.begin(progress, "quantizing", "weights", size.elements())) {
            quantizer.write(output, steps::advance);
        }
        return ModelSize.of(size);
    }

    /**
     * Writes a quantized checkpoint of another program as one of this: the same codes and scales. MX formats of compressed-tensors and AMD
     * Quark are read, all linear layers of all blocks in one; activations are quantized as these programs do. Of gpt-oss the experts'
     * MXFP4 is read, which does not run here.
     *
     * @param source its folder
     * @param output a folder that does not exist yet; it appears complete or not at all
     * @throws MxForgeException naming what in {@code source} is missing, damaged or not read, or if {@code output} exists or cannot be written
     * @throws org.mxforge.runtime.base.CancelledException if {@code progress} cancels it
     */
    public static ImportedCheckpoint importForeign(Path source, Path output, Progress progress) {
        Arguments.require(source, "the folder to import is missing: give its path");
        Arguments.require(output, "the folder to write is missing: give its path");
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        UserOutput.check(output);
        CheckpointImport foreign = CheckpointImport.open(source);
        try (Steps steps = Steps.begin(progress, "importing", "weights", foreign.elements())) {
            long bytes = foreign.write(output, steps::advance);
            return new ImportedCheckpoint(output, foreign.recipe(), bytes, foreign.obstacle());
        }
    }

    /**
     * Reads what MicroMix's own calibration saved for this model.
     *
     * @param index its {@code NAME_reorder_index_DATASET.pt}, beside which are the counts, {@code NAME_p6_num_DATASET.pt} and {@code p8_num}
     * @return a calibration for recipes of {@code micromix}
     * @throws MxForgeException naming the file that is missing, damaged or would run a program, or the layer that it does not fit
     */
    public CalibrationReport importCalibration(Path index) {
        return MicroMixCalibration.read(
                Arguments.require(index, "the file to import is missing: give its path"), checkpoint);
    }

    /**
     * Writes the weights of the linear layers as the products in {@code kernels} read them, those that one product computes joined (query, key
     * and value; gate and up), with reorder indices and biases, to one safetensors file, which describes itself. Other tensors that the
     * quantization changes with them, such as embeddings and norms before rotated weights, are in it under their own names.
     *
     * @param quantization how they are quantized; {@link Quantization#NONE} where they are already
     * @param target whose kernels
     * @param output a file that does not exist yet; it appears complete or not at all
     * @throws MxForgeException if there are no kernels for a layer, it would be rounded where they do not allow it, or {@code output}
     *     exists or cannot be written
     * @throws org.mxforge.runtime.base.CancelledException if {@code progress} cancels it
     */
    public void exportWeights(
            Quantization quantization, KernelFolder kernels, Target target, Path output, Progress progress) {
        Arguments.require(quantization, "a quantization is missing: give Quantization.NONE for the model as it is");
        Arguments.require(kernels, "the exported kernels are missing: give a KernelFolder");
        Arguments.require(target, "a target is missing: give one, such as Target.SM_90A");
        Arguments.require(output, "the file to write is missing: give its path");
        Arguments.require(progress, "a progress listener is missing: give Progress.SILENT to hear nothing");
        UserOutput.check(output);
        Map<LinearSite, InputQuantization> inputs = quantization.inputs(this);
        Checkpoint quantized = quantization.apply(this);
        if (quantized.isCentred()) {
            throw new MxForgeException("the norms of this model take a centre off, which exported kernels do not:"
                    + " quantize it with centre=off");
        }
        List<WeightExport.Layer> layers = new ArrayList<>();
        long elements = 0;
        for (Map.Entry<LinearSite, InputQuantization> entry : inputs.entrySet()) {
            KernelFolder.Operand operand =
                    kernels.weights(target, entry.getValue().split().pairs());
            for (LinearSite.Product product : entry.getKey().products()) {
                layers.add(new WeightExport.Layer(
                        product,
                        entry.getKey().name(),
                        entry.getValue(),
                        operand.layout(),
                        operand.tolerance(),
                        quantized.bias(product.layers()),
                        () -> PackedMatrix.joined(product.layers().stream()
                                .map(layer -> quantized.quantizedWeight(layer).matrix())
                                .toList())));
                // With folded scales, once for the factors and once for the elements.
                elements += (operand.layout().isFolded() ? 2L : 1L)
                        * product.outputs()
                        * entry.getKey().channels();
            }
        }
        try (Steps steps = Steps.begin(progress, "laying out", "weights", elements)) {
            WeightExport.write(layers, changed(quantized), target, output, steps::advance);
        }
    }

    private long linearWeights() {
        return checkpoint.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum();
    }

    /** The tensors of {@code quantized} that are others than were stored, but for its linear layers'. */
    private static Map<TensorInfo, Payload> changed(Checkpoint quantized) {
        WeightReader weights = quantized.weights();
        Set<String> linear = quantized.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .flatMap(layer -> Stream.of(layer.name() + ".weight", layer.name() + ".bias"))
                .collect(Collectors.toSet());
        Map<TensorInfo, Payload> changed = new LinkedHashMap<>();
        Stream.concat(weights.store().names().stream(), weights.added().stream())
                .filter(name -> weights.changes(name) && !linear.contains(name))
                .forEach(name -> changed.put(weights.info(name), weights.payload(name)));
        return changed;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }
}
