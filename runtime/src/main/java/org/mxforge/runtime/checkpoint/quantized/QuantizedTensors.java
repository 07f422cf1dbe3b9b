package org.mxforge.runtime.checkpoint.quantized;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Recipe;

/**
 * Reads the quantized layers of a checkpoint. The file is not trusted: every tensor's type and shape must follow from the
 * metadata and the model's configuration, orders must be permutations, and NaN scales or codes are counted and refused when they are
 * read. Safe for concurrent use.
 */
public final class QuantizedTensors {
    private final WeightReader weights;
    private final Recipe recipe;
    private final ScaleRule rule;
    private final Map<String, InputQuantization> inputs = new ConcurrentHashMap<>();

    private QuantizedTensors(WeightReader weights, Recipe recipe, ScaleRule rule) {
        this.weights = weights;
        this.recipe = recipe;
        this.rule = rule;
    }

    /** Whether {@code store} says that it holds quantized layers. */
    public static boolean in(TensorStore store) {
        return store.metadata().containsKey(StoredNames.VERSION_KEY);
    }

    /** Adds to {@code file} what each file of a checkpoint that {@code recipe} quantized says about itself. */
    public static void describe(SafetensorsWriter file, Recipe recipe) {
        file.metadata(StoredNames.VERSION_KEY, StoredNames.VERSION)
                .metadata(StoredNames.TOOL_KEY, "mxforge " + ToolVersion.TEXT)
                .metadata(StoredNames.RECIPE_KEY, recipe.text())
                .metadata(StoredNames.RULE_KEY, recipe.rule().text());
    }

    /** Adds to a file in another program's form which recipe quantized it; such a file is not {@link #in quantized} for this one. */
    public static void note(SafetensorsWriter file, Recipe recipe) {
        file.metadata(StoredNames.RECIPE_KEY, recipe.text());
    }

    /** What {@link #note} added. */
    public static Optional<Recipe> noted(TensorStore store) {
        return Optional.ofNullable(store.metadata().get(StoredNames.RECIPE_KEY)).map(Recipe::parse);
    }

    /**
     * Opens the layers behind {@code weights}.
     *
     * @throws MxForgeException if they are of another version or their metadata is damaged
     */
    public static QuantizedTensors open(WeightReader weights) {
        TensorStore store = weights.store();
        String version = metadata(store, StoredNames.VERSION_KEY);
        if (!version.equals(StoredNames.VERSION)) {
            throw new MxForgeException(store.source() + " is a quantized checkpoint of version '" + version
                    + "', but this mxforge reads version " + StoredNames.VERSION + ": quantize the original again");
        }
        Recipe recipe = Recipe.parse(metadata(store, StoredNames.RECIPE_KEY));
        try {
            return new QuantizedTensors(weights, recipe, ScaleRule.parse(metadata(store, StoredNames.RULE_KEY)));
        } catch (IllegalArgumentException e) {
            throw damaged(store, StoredNames.RULE_KEY, e);
        }
    }

    /** The recipe that made the layers. */
    public Recipe recipe() {
        return recipe;
    }

    /** The program and version that wrote them, such as {@code mxforge 0.1.0}. */
    public String tool() {
        return metadata(weights.store(), StoredNames.TOOL_KEY);
    }

    /**
     * The weight of {@code layer}; layers of one site share one {@link InputQuantization}.
     *
     * @param layer as in the checkpoint, without {@code .weight}
     * @throws MxForgeException naming the tensor that is missing, misshapen or damaged
     */
    public QuantizedWeight weight(String layer, int outputs, int channels) {
        String site = metadata(weights.store(), StoredNames.siteKey(layer));
        InputQuantization input = inputs.computeIfAbsent(site, this::input);
        if (input.split().channels() != channels) {
            throw new MxForgeException(weights.store().source() + " has " + site + " with "
                    + input.split().channels() + " channels where the model's configuration wants " + channels);
        }
        List<QuantizedWeight.Part> parts = new ArrayList<>();
        for (Partition partition : input.split().partitions()) {
            parts.add(part(layer, parts.size(), outputs, partition));
        }
        String beyond = StoredNames.codes(layer, parts.size());
        if (weights.store().has(beyond)) {
            throw new MxForgeException(weights.store().source() + " has a tensor '" + beyond + "' that its split "
                    + input.split().text() + " does not: the files do not belong together");
        }
        return new QuantizedWeight(outputs, input, new QuantizedWeight.Source.Packed(parts));
    }

    /**
     * How the inputs of {@code sites} are quantized, in their order.
     *
     * @throws MxForgeException naming what is missing or damaged
     */
    public Map<LinearSite, InputQuantization> inputs(List<LinearSite> sites) {
        Map<LinearSite, InputQuantization> all = new LinkedHashMap<>();
        sites.forEach(site -> all.put(
                site,
                inputs.computeIfAbsent(
                        metadata(
                                weights.store(),
                                StoredNames.siteKey(site.layers().get(0).name())),
                        this::input)));
        return all;
    }

    private QuantizedWeight.Part part(String layer, int index, int outputs, Partition partition) {
        ElementFormat format = partition.formats().weight();
        String codesName = StoredNames.codes(layer, index);
        String scalesName = StoredNames.scales(layer, index);
        requireBytes(codesName);
        requireBytes(scalesName);
        return new QuantizedWeight.Part(
                format,
                partition.channels(),
                weights.codes(codesName, format, outputs, CodePacking.bytes(format, partition.channels())),
                weights.scales(scalesName, outputs, GroupLayout.MX.count(partition.channels())));
    }

    private InputQuantization input(String site) {
        TensorStore store = weights.store();
        String key = StoredNames.splitKey(site);
        ChannelSplit split;
        try {
            split = ChannelSplit.parse(metadata(store, key));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw damaged(store, key, e);
        }
        if (!split.groups().isMx()) {
            throw new MxForgeException("metadata '" + key + "' in " + store.source() + " has groups "
                    + split.groups().text() + ", but models run on groups of 32 with e8m0 scales: quantize it again");
        }
        String name = StoredNames.order(site);
        store.require(name, split.channels());
        try {
            return new InputQuantization(split, store.ints(name), rule, transform(site));
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "tensor '" + name + "' in " + store.source() + " is damaged: " + e.getMessage(), e);
        }
    }

    private GroupTransform transform(String site) {
        TensorStore store = weights.store();
        String key = StoredNames.transformKey(site);
        try {
            return GroupTransform.parse(store.metadata().getOrDefault(key, GroupTransform.NONE.text()));
        } catch (IllegalArgumentException e) {
            throw damaged(store, key, e);
        }
    }

    private void requireBytes(String name) {
        TensorType type = weights.store().info(name).type();
        if (type != TensorType.U8) {
            throw new MxForgeException(
                    "tensor '" + name + "' in " + weights.store().source() + " is of type " + type + ", not U8");
        }
    }

    private static String metadata(TensorStore store, String key) {
        String value = store.metadata().get(key);
        if (value == null) {
            throw new MxForgeException(store.source() + " lacks the metadata '" + key
                    + "' of a quantized checkpoint: it is incomplete or damaged");
        }
        return value;
    }

    private static MxForgeException damaged(TensorStore store, String key, Exception cause) {
        String why = cause.getMessage();
        String brief = why.length() > 200 ? why.substring(0, 200) + "..." : why;
        return new MxForgeException("the metadata '" + key + "' in " + store.source() + " is damaged: " + brief, cause);
    }
}
