package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.quant.Recipe;

/**
 * AMD Quark, as transformers and vLLM read it: codes packed in {@code weight}. It has any pair of MX formats; vLLM reads MXFP4 and MXFP6.
 * Its rules for the scales of activations are {@code even}, which is {@link ScaleRule#EVEN}, {@code floor}, which is {@link
 * ScaleRule#FLOOR}, and a {@code ceil} of its own, which goes by the largest power of two instead of the largest number.
 */
final class Quark implements ForeignFormat {
    private static final Map<ElementFormat, String> TYPES = new EnumMap<>(Map.of(
            ElementFormat.E2M1, "fp4",
            ElementFormat.E3M2, "fp6_e3m2",
            ElementFormat.E2M3, "fp6_e2m3",
            ElementFormat.E4M3, "fp8_e4m3",
            ElementFormat.E5M2, "fp8_e5m2"));

    private static final Set<String> KEYS = Set.of(
            "quant_method",
            "quant_mode",
            "version",
            "export",
            "exclude",
            "global_quant_config",
            "layer_type_quant_config",
            "layer_quant_config",
            "kv_cache_quant_config",
            "kv_cache_post_rope",
            "softmax_quant_spec",
            "algo_config");

    private static final Set<String> EXPORT_KEYS =
            Set.of("weight_format", "pack_method", "kv_cache_group", "min_kv_scale", "weight_merge_groups");

    private static final Set<String> LAYER_KEYS =
            Set.of("weight", "input_tensors", "output_tensors", "bias", "target_device");

    private static final Set<String> TENSOR_KEYS = Set.of(
            "dtype",
            "is_dynamic",
            "qscheme",
            "ch_axis",
            "group_size",
            "block_size",
            "symmetric",
            "round_method",
            "scale_type",
            "scale_format",
            "scale_calculation_mode",
            "mx_element_dtype",
            "observer_cls",
            "is_scale_quant",
            "enable_buffer_reuse",
            "max_input_numel");

    /** What is done to the tensors before they are quantized, and leaves nothing to be done when the model runs. */
    private static final Set<String> BEFORE = Set.of("awq", "gptq", "gptaq", "qronos", "smooth", "autosmoothquant");

    @Override
    public CheckpointFormat name() {
        return CheckpointFormat.QUARK;
    }

    @Override
    public boolean has(FormatPair pair) {
        return true;
    }

    @Override
    public String recipes() {
        return "a uniform one, such as mxfp4 or mxfp6-e2m3";
    }

    @Override
    public void describe(ObjectNode config, FormatPair pair, ScaleRule rule, Set<String> plain) {
        config.put("quant_method", "quark").put("quant_mode", "eager_mode").putNull("algo_config");
        ObjectNode layers = config.putObject("global_quant_config");
        describe(layers.putObject("weight"), pair.weight(), rule, false);
        describe(layers.putObject("input_tensors"), pair.activation(), rule, true);
        layers.putNull("output_tensors").putNull("bias").putNull("target_device");
        config.putObject("layer_type_quant_config");
        config.putObject("layer_quant_config");
        config.putObject("kv_cache_quant_config");
        config.put("kv_cache_post_rope", false).putNull("softmax_quant_spec");
        ArrayNode excluded = config.putArray("exclude");
        plain.forEach(excluded::add);
        ObjectNode export = config.putObject("export");
        export.put("weight_format", "real_quantized").put("pack_method", "reorder");
        export.putArray("kv_cache_group");
        export.put("min_kv_scale", 0.0);
    }

    private static void describe(ObjectNode tensor, ElementFormat format, ScaleRule rule, boolean dynamic) {
        tensor.put("dtype", TYPES.get(format))
                .put("is_dynamic", dynamic)
                .put("qscheme", "per_group")
                .put("ch_axis", -1)
                .put("group_size", GroupLayout.GROUP)
                .putNull("symmetric")
                .put("round_method", "half_even")
                .put("scale_type", "float")
                .put("scale_format", "e8m0")
                .put("scale_calculation_mode", (rule == ScaleRule.FLOOR ? rule : ScaleRule.EVEN).text())
                .putNull("mx_element_dtype")
                .put("observer_cls", "PerBlockMXObserver")
                .put("is_scale_quant", false);
    }

    @Override
    public Recipe read(JsonFields config) {
        ForeignFormat.known(config, KEYS);
        ForeignFormat.requireNothing(
                config, "layer_type_quant_config", "layer_quant_config", "kv_cache_quant_config", "softmax_quant_spec");
        requireFolded(config);
        JsonFields export = config.section("export");
        ForeignFormat.known(export, EXPORT_KEYS);
        ForeignFormat.require(export, "weight_format", "real_quantized");
        ForeignFormat.requireNothing(export, "kv_cache_group", "weight_merge_groups");
        JsonFields layers = config.section("global_quant_config");
        ForeignFormat.known(layers, LAYER_KEYS);
        ForeignFormat.requireNothing(layers, "output_tensors", "bias");
        if (!layers.has("input_tensors")) {
            throw new MxForgeException(
                    layers.where() + " quantizes weights alone: what is imported runs with quantized activations, too");
        }
        JsonFields activations = layers.section("input_tensors");
        FormatPair pair = new FormatPair(read(activations, true), read(layers.section("weight"), false));
        String rule = activations.text("scale_calculation_mode", "even");
        if (!rule.equals("even") && !rule.equals("floor")) {
            throw activations.bad("scale_calculation_mode", "even or floor");
        }
        return ForeignFormat.uniform(pair, ScaleRule.parse(rule));
    }

    /** Of the algorithms, rotations leave one half of them to be done to activations. */
    private static void requireFolded(JsonFields config) {
        if (config.has("algo_config")) {
            for (JsonFields algorithm : config.sections("algo_config")) {
                if (!BEFORE.contains(algorithm.text("name").toLowerCase(Locale.ROOT))) {
                    throw algorithm.bad("name", "one of those that change nothing but weights");
                }
            }
        }
    }

    private static ElementFormat read(JsonFields tensor, boolean dynamic) {
        ForeignFormat.known(tensor, TENSOR_KEYS);
        ForeignFormat.require(tensor, "qscheme", "per_group");
        ForeignFormat.require(tensor, "group_size", GroupLayout.GROUP);
        if (tensor.integer("ch_axis", -1, Integer.MAX_VALUE) == 0) {
            throw tensor.bad("ch_axis", "-1, that of the channels");
        }
        ForeignFormat.require(tensor, "scale_format", "e8m0");
        ForeignFormat.requireNothing(tensor, "block_size", "mx_element_dtype");
        if (tensor.flag("is_dynamic", false) != dynamic) {
            throw tensor.bad("is_dynamic", String.valueOf(dynamic));
        }
        if (!tensor.flag("symmetric", true)) {
            throw tensor.bad("symmetric", "true");
        }
        if (tensor.flag("is_scale_quant", false)) {
            throw tensor.bad("is_scale_quant", "false");
        }
        String type = tensor.text("dtype");
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(type))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        tensor.bad("dtype", TYPES.values().stream().sorted().collect(Collectors.joining(", "))));
    }
}
