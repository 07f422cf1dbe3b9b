package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/**
 * A checkpoint of compressed-tensors in MXFP4 or MXFP8, written as one of this program: the same codes and scales under other names. Its
 * activations are quantized by the rule of that library, {@link ScaleRule#EVEN}.
 */
public final class CompressedTensorsImport {
    private static final long MAX_CONFIG_BYTES = 4L << 20;

    private final Path source;
    private final ElementFormat format;
    private final ModelConfig config;
    private final WeightReader weights;
    private final Recipe recipe;

    private CompressedTensorsImport(Path source, ElementFormat format, ModelConfig config, WeightReader weights) {
        this.source = source;
        this.format = format;
        this.config = config;
        this.weights = weights;
        this.recipe = Recipe.parse(format == ElementFormat.E2M1 ? "mxfp4/even" : "mxfp8/even");
    }

    /**
     * Opens {@code source}; no tensor is read.
     *
     * @throws MxForgeException naming what is missing, damaged or not read
     */
    public static CompressedTensorsImport open(Path source) {
        TensorStore.requireIn(source);
        JsonFields fields = StrictJson.readAsPython(source.resolve("config.json"), MAX_CONFIG_BYTES);
        ElementFormat format = CompressedTensorsConfig.read(fields).format();
        JsonFields model = new JsonFields(fields.where(), fields.object().deepCopy());
        model.object().remove("quantization_config");
        return new CompressedTensorsImport(
                source,
                format,
                ModelConfig.of(model.where(), model.object()),
                new WeightReader(TensorStore.open(source)));
    }

    /** Weights of the linear layers. */
    public long elements() {
        return config.linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum();
    }

    /**
     * Writes the copy to {@code output}, which appears complete or not at all, and only if it can be loaded.
     *
     * @param progress told of each weight written, in elements
     * @throws MxForgeException naming the tensor that is missing, misshapen, damaged or not read, or if {@code output} exists or cannot be
     *     written
     */
    public void write(Path output, LongConsumer progress) {
        List<StoredItem> items = items(progress);
        UserOutput.folder(output, folder -> {
            ShardPlan shards = ShardPlan.of(items, CheckpointQuantizer.SHARD_BYTES);
            for (int i = 0; i < shards.shards().size(); i++) {
                SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
                QuantizedTensors.describe(file, recipe);
                shards.shards().get(i).forEach(item -> item.writer().accept(file));
                file.write(folder.resolve(shards.file(i)));
            }
            CompanionFiles.of(source).copy(folder, description -> OwnForm.describe(description, recipe));
            CompanionFiles.writeIndex(shards, folder);
            Checkpoint.open(folder);
        });
    }

    private List<StoredItem> items(LongConsumer progress) {
        List<StoredItem> items = new ArrayList<>();
        Set<String> read = new HashSet<>();
        Set<String> layers = new HashSet<>();
        FormatPair pair = new FormatPair(format, format);
        for (LinearSite site : config.linearSites()) {
            InputQuantization input =
                    InputQuantization.inOrder(ChannelSplit.uniform(pair, site.channels()), ScaleRule.EVEN);
            StoredSite stored = new StoredSite(site.name(), input);
            items.add(new StoredItem(List.of(stored.tensor()), stored.bytes(), stored::addTo));
            for (LinearLayer layer : site.layers()) {
                read.add(codes(layer));
                read.add(scales(layer));
                layers.add(layer.name());
                items.add(item(stored.weight(layer.name(), layer.outputs()), layer, progress));
            }
        }
        for (String name : weights.store().names()) {
            String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (!read.contains(name)) {
                if (layers.contains(owner) && !name.endsWith(".bias")) {
                    throw new MxForgeException(
                            "tensor '" + name + "' in " + weights.store().source()
                                    + " of a quantized layer is not read here: what it says would be lost");
                }
                items.add(plain(weights.store().info(name)));
            }
        }
        return items;
    }

    private String codes(LinearLayer layer) {
        return layer.name() + (format == ElementFormat.E2M1 ? ".weight_packed" : ".weight");
    }

    private static String scales(LinearLayer layer) {
        return layer.name() + ".weight_scale";
    }

    private StoredItem item(StoredSite.Weight weight, LinearLayer layer, LongConsumer progress) {
        weights.store().require(codes(layer), layer.outputs(), CodePacking.bytes(format, layer.channels()));
        String type = weights.store().info(codes(layer)).dtype();
        String wanted = format == ElementFormat.E2M1 ? "U8" : "F8_E4M3";
        if (!type.equals(wanted)) {
            throw new MxForgeException("tensor '" + codes(layer) + "' in "
                    + weights.store().source() + " is of type " + type + ", not " + wanted);
        }
        return new StoredItem(
                weight.tensors(),
                weight.bytes(),
                file -> weight.addTo(file, () -> {
                    // Asked for codes and for scales.
                    progress.accept((long) layer.outputs() * layer.channels() / 2);
                    return read(layer);
                }));
    }

    private PackedMatrix read(LinearLayer layer) {
        byte[] codes = weights.codes(codes(layer), format, layer.outputs(), CodePacking.bytes(format, layer.channels()))
                .all();
        byte[] scales = weights.scales(scales(layer), layer.outputs(), GroupLayout.MX.count(layer.channels()))
                .all();
        return new PackedMatrix(
                layer.outputs(),
                List.of(new PackedPartition(format, layer.outputs(), layer.channels(), codes, scales)));
    }

    private StoredItem plain(TensorInfo info) {
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        return new StoredItem(
                List.of(info.name()), info.bytes(), file -> file.add(info, weights.payload(info.name(), shape)));
    }
}
