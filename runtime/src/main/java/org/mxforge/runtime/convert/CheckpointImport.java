package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
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
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/** A checkpoint of another program, written as one of this program: the same codes and scales under other names. */
public final class CheckpointImport {
    private static final long MAX_CONFIG_BYTES = 4L << 20;
    private static final String SECTION = "quantization_config";

    private final Path source;
    private final ForeignFormat format;
    private final ModelConfig config;
    private final WeightReader weights;
    private final Recipe recipe;

    private CheckpointImport(
            Path source, ForeignFormat format, ModelConfig config, WeightReader weights, Recipe recipe) {
        this.source = source;
        this.format = format;
        this.config = config;
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
        JsonFields fields = StrictJson.readAsPython(source.resolve("config.json"), MAX_CONFIG_BYTES);
        if (!fields.has(SECTION)) {
            throw new MxForgeException(
                    fields.where() + " says nothing of quantization: import is for checkpoints that another program"
                            + " quantized, quantize for plain ones");
        }
        JsonFields section = fields.section(SECTION);
        ForeignFormat format = ForeignFormat.BY_METHOD.get(section.text("quant_method"));
        if (format == null) {
            throw section.bad("quant_method", String.join(" or ", ForeignFormat.BY_METHOD.keySet()));
        }
        Recipe described = format.read(section);
        fields.object().remove(SECTION);
        ModelConfig config = ModelConfig.of(fields.where(), fields.object());
        TensorStore store = TensorStore.open(source);
        return new CheckpointImport(source, format, config, new WeightReader(store), recipe(described, config, store));
    }

    /** What the file notes, which may have a scale rule that {@code quantization_config} cannot say; else what that describes. */
    private static Recipe recipe(Recipe described, ModelConfig config, TensorStore store) {
        Optional<Recipe> noted = QuantizedTensors.noted(store);
        for (LinearSite site : config.linearSites()) {
            if (noted.isPresent() && !split(noted.get(), site).equals(split(described, site))) {
                throw new MxForgeException(
                        store.source() + " notes the recipe " + noted.get().text()
                                + ", but its configuration describes " + described.text()
                                + ": the files do not belong together");
            }
        }
        return noted.orElse(described);
    }

    private static Object split(Recipe recipe, LinearSite site) {
        return recipe.input(site, Optional.empty()).split();
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
        for (LinearSite site : config.linearSites()) {
            InputQuantization input = recipe.input(site, Optional.empty());
            ElementFormat weight = input.split().pairs().get(0).weight();
            StoredSite stored = new StoredSite(site.name(), input);
            items.add(new StoredItem(List.of(stored.tensor()), stored.bytes(), stored::addTo));
            for (LinearLayer layer : site.layers()) {
                read.add(format.codes(layer, weight));
                read.add(format.scales(layer));
                layers.add(layer.name());
                items.add(item(stored.weight(layer.name(), layer.outputs()), layer, weight, progress));
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

    private StoredItem item(StoredSite.Weight stored, LinearLayer layer, ElementFormat weight, LongConsumer progress) {
        TensorStore store = weights.store();
        if (!store.has(format.scales(layer)) && store.has(layer.name() + ".weight")) {
            throw new MxForgeException(store.source() + " has " + layer.name()
                    + " as it was: import reads checkpoints with all linear layers of all blocks quantized");
        }
        require(
                format.codes(layer, weight),
                format.type(weight),
                layer.outputs(),
                CodePacking.bytes(weight, layer.channels()));
        require(format.scales(layer), TensorType.U8, layer.outputs(), GroupLayout.MX.count(layer.channels()));
        return new StoredItem(
                stored.tensors(),
                stored.bytes(),
                file -> stored.addTo(file, () -> {
                    // Asked for codes and for scales.
                    progress.accept((long) layer.outputs() * layer.channels() / 2);
                    return read(layer, weight);
                }));
    }

    private void require(String name, TensorType wanted, long... shape) {
        String type = weights.store().require(name, shape).dtype();
        if (!type.equals(wanted.name())) {
            throw new MxForgeException(
                    "tensor '" + name + "' in " + weights.store().source() + " is of type " + type + ", not " + wanted);
        }
    }

    private PackedMatrix read(LinearLayer layer, ElementFormat weight) {
        byte[] codes = weights.codes(
                        format.codes(layer, weight),
                        weight,
                        layer.outputs(),
                        CodePacking.bytes(weight, layer.channels()))
                .all();
        byte[] scales = weights.scales(format.scales(layer), layer.outputs(), GroupLayout.MX.count(layer.channels()))
                .all();
        return new PackedMatrix(
                layer.outputs(),
                List.of(new PackedPartition(weight, layer.outputs(), layer.channels(), codes, scales)));
    }

    private StoredItem plain(TensorInfo info) {
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        return new StoredItem(
                List.of(info.name()), info.bytes(), file -> file.add(info, weights.payload(info.name(), shape)));
    }
}
