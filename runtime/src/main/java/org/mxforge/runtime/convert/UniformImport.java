package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/** A checkpoint in a {@link ForeignFormat}: all linear layers of a model's blocks in one pair of formats. */
final class UniformImport extends CheckpointImport {
    private final ForeignFormat format;
    private final ModelConfig config;

    private UniformImport(Path source, ForeignFormat format, ModelConfig config, TensorStore store, Recipe recipe) {
        super(source, new WeightReader(store), recipe);
        this.format = format;
        this.config = config;
    }

    static UniformImport open(Path source, ForeignFormat format, JsonFields model, JsonFields section) {
        Recipe described = format.read(section);
        ModelConfig config = ModelConfig.of(model.where(), model.object());
        TensorStore store = TensorStore.open(source);
        return new UniformImport(source, format, config, store, recipe(described, config, store));
    }

    /** What the file notes, which may have a scale rule that {@code quantization_config} cannot say; else what that describes. */
    private static Recipe recipe(Recipe described, ModelConfig config, TensorStore store) {
        Optional<Recipe> noted = QuantizedTensors.noted(store);
        for (LinearSite site : config.linearSites()) {
            if (noted.isPresent() && !formats(noted.get(), site).equals(formats(described, site))) {
                throw new MxForgeException(store.source() + " notes the recipe "
                        + noted.get().text() + ", but its configuration describes " + described.text()
                        + ": the files do not belong together");
            }
        }
        return noted.orElse(described);
    }

    /** All that a recipe does to an input but how it chooses scales. */
    private static InputQuantization formats(Recipe recipe, LinearSite site) {
        InputQuantization input = recipe.input(site, Optional.empty());
        return new InputQuantization(input.split(), input.order(), ScaleRule.EVEN, input.transform());
    }

    @Override
    public long elements() {
        return config.linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum();
    }

    @Override
    List<StoredItem> items(LongConsumer progress) {
        TensorStore store = weights().store();
        List<StoredItem> items = new ArrayList<>();
        Set<String> read = new HashSet<>();
        Set<String> layers = new HashSet<>();
        for (LinearSite site : config.linearSites()) {
            InputQuantization input = recipe().input(site, Optional.empty());
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
        for (String name : store.names()) {
            String owner = name.substring(0, Math.max(0, name.lastIndexOf('.')));
            if (!read.contains(name)) {
                if (layers.contains(owner) && !name.endsWith(".bias")) {
                    throw new MxForgeException("tensor '" + name + "' in " + store.source()
                            + " of a quantized layer is not read here: what it says would be lost");
                }
                items.add(plain(store.info(name)));
            }
        }
        return items;
    }

    private StoredItem item(StoredSite.Weight stored, LinearLayer layer, ElementFormat weight, LongConsumer progress) {
        TensorStore store = weights().store();
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
        Supplier<PackedMatrix> packed = new PassingLayer(
                layer, () -> read(layer, weight), stored.tensors().size(), progress);
        return new StoredItem(stored.tensors(), stored.bytes(), file -> stored.addTo(file, packed));
    }

    private PackedMatrix read(LinearLayer layer, ElementFormat weight) {
        byte[] codes = weights()
                .codes(
                        format.codes(layer, weight),
                        weight,
                        layer.outputs(),
                        CodePacking.bytes(weight, layer.channels()))
                .all();
        byte[] scales = weights()
                .scales(format.scales(layer), layer.outputs(), GroupLayout.MX.count(layer.channels()))
                .all();
        return new PackedMatrix(
                layer.outputs(),
                List.of(new PackedPartition(weight, layer.outputs(), layer.channels(), codes, scales)));
    }
}
