package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.Recipe;

/** A checkpoint of another program, to be written as one of this program: the same codes and scales under other names. */
public abstract class CheckpointImport {
    private static final long MAX_CONFIG_BYTES = 4L << 20;
    private static final String SECTION = "quantization_config";

    private final Path source;
    private final WeightReader weights;
    private final Recipe recipe;

    CheckpointImport(Path source, WeightReader weights, Recipe recipe) {
        this.source = source;
        this.weights = weights;
        this.recipe = recipe;
    }

    /**
     * Opens {@code source}; no tensor is read.
     *
     * @throws MxForgeException naming what is missing, damaged or not read
     */
    public static CheckpointImport open(Path source) {
        TensorStore.requireIn(source);
        JsonFields config = StrictJson.readAsPython(source.resolve("config.json"), MAX_CONFIG_BYTES);
        if (!config.has(SECTION)) {
            throw new MxForgeException(
                    config.where() + " says nothing of quantization: import is for checkpoints that another program"
                            + " quantized, quantize for plain ones");
        }
        JsonFields section = config.section(SECTION);
        config.object().remove(SECTION);
        String method = section.text("quant_method");
        if (method.equals(GptOssImport.METHOD)) {
            return GptOssImport.open(source, config, section);
        }
        ForeignFormat format = ForeignFormat.BY_METHOD.get(method);
        if (format == null) {
            throw section.bad(
                    "quant_method",
                    Stream.concat(ForeignFormat.BY_METHOD.keySet().stream(), Stream.of(GptOssImport.METHOD))
                            .collect(Collectors.joining(" or ")));
        }
        return UniformImport.open(source, format, config, section);
    }

    /** How the copy's layers are stored. */
    public final Recipe recipe() {
        return recipe;
    }

    /** What of the model does not run here, in a sentence; empty where it does. */
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    /** Weights that are quantized. */
    public abstract long elements();

    /** All tensors of the copy; {@code progress} is told of each weight written, in elements. */
    abstract List<StoredItem> items(LongConsumer progress);

    /** Says in {@code quantization_config} of the copy how it is quantized. */
    void describe(ObjectNode config) {
        OwnForm.describe(config, recipe);
    }

    final WeightReader weights() {
        return weights;
    }

    /**
     * Writes the copy to {@code output}, which appears complete or not at all, and only if it can be loaded, where its model can.
     *
     * @param progress told of each weight written, in elements
     * @return bytes of its tensors
     * @throws MxForgeException naming the tensor that is missing, misshapen, damaged or not read, or if {@code output} exists or cannot be
     *     written
     */
    public final long write(Path output, LongConsumer progress) {
        List<StoredItem> items = items(progress);
        UserOutput.folder(output, folder -> {
            ShardPlan shards = ShardPlan.of(items, CheckpointQuantizer.SHARD_BYTES);
            for (int i = 0; i < shards.shards().size(); i++) {
                SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
                QuantizedTensors.describe(file, recipe);
                shards.shards().get(i).forEach(item -> item.writer().accept(file));
                file.writeTo(folder.resolve(shards.file(i)));
            }
            CompanionFiles.of(source).copy(folder, config -> describe(CompanionFiles.quantization(config)));
            CompanionFiles.writeIndex(shards, folder);
            if (obstacle().isEmpty()) {
                Checkpoint.open(folder);
            }
        });
        return items.stream().mapToLong(StoredItem::bytes).sum();
    }

    /** Makes sure that a tensor is there, of this type and shape. */
    final void require(String name, TensorType wanted, long... shape) {
        String type = weights.store().require(name, shape).dtype();
        if (!type.equals(wanted.name())) {
            throw new MxForgeException(
                    "tensor '" + name + "' in " + weights.store().source() + " is of type " + type + ", not " + wanted);
        }
    }

    /** A tensor as it is. */
    final StoredItem plain(TensorInfo info) {
        return new StoredItem(List.of(info.name()), info.bytes(), file -> file.add(info, weights.payload(info.name())));
    }
}
