package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * The {@code quantization_config} of compressed-tensors, where it says MXFP4 or MXFP8 of all linear layers and nothing else: what else it may
 * say would be lost, and is refused by name.
 *
 * @param format of weights and activations
 */
record CompressedTensorsConfig(ElementFormat format) {
    private static final String SECTION = "quantization_config";

    /** Keys whose values are looked at, or mean nothing for what the tensors are. */
    private static final Set<String> KEYS = Set.of(
            "quant_method",
            "format",
            "quantization_status",
            "config_groups",
            "ignore",
            "kv_cache_scheme",
            "sparsity_config",
            "transform_config",
            "global_compression_ratio",
            "run_compressed",
            "version");

    private static final Set<String> GROUP_KEYS =
            Set.of("targets", "weights", "input_activations", "output_activations", "format");

    private static final Set<String> ARGUMENT_KEYS = Set.of(
            "num_bits",
            "type",
            "strategy",
            "group_size",
            "symmetric",
            "dynamic",
            "scale_dtype",
            "zp_dtype",
            "observer",
            "observer_kwargs",
            "block_structure",
            "actorder");

    /**
     * Reads {@code config}, that of the model.
     *
     * @throws MxForgeException naming the key that is missing or means something that is not read
     */
    static CompressedTensorsConfig read(JsonFields config) {
        if (!config.has(SECTION)) {
            throw new MxForgeException(
                    config.where() + " says nothing of quantization: import is for checkpoints of compressed-tensors,"
                            + " quantize for plain ones");
        }
        JsonFields section = config.section(SECTION);
        require(section, "quant_method", "compressed-tensors");
        known(section, KEYS);
        for (String nothing : List.of("kv_cache_scheme", "sparsity_config", "transform_config")) {
            if (section.has(nothing) && !section.object().get(nothing).isEmpty()) {
                throw section.bad(nothing, "null, the one that is read");
            }
        }
        String form = section.text("format");
        ElementFormat format =
                switch (form) {
                    case "mxfp4-pack-quantized" -> ElementFormat.E2M1;
                    case "mxfp8-quantized" -> ElementFormat.E4M3;
                    default -> throw section.bad("format", "mxfp4-pack-quantized or mxfp8-quantized");
                };
        ObjectNode groups = section.section("config_groups").object();
        if (groups.size() != 1) {
            throw section.bad("config_groups", "one group, in which all layers are");
        }
        JsonFields group =
                section.section("config_groups").section(groups.fieldNames().next());
        known(group, GROUP_KEYS);
        if (!group.texts("targets").equals(List.of("Linear"))) {
            throw group.bad("targets", "[\"Linear\"]");
        }
        if (group.has("output_activations")) {
            throw group.bad("output_activations", "null, the one that is read");
        }
        arguments(group.section("weights"), format, false);
        arguments(group.section("input_activations"), format, true);
        return new CompressedTensorsConfig(format);
    }

    private static void arguments(JsonFields arguments, ElementFormat format, boolean dynamic) {
        known(arguments, ARGUMENT_KEYS);
        arguments.integer("num_bits", format.bits(), format.bits());
        require(arguments, "type", "float");
        require(arguments, "strategy", "group");
        arguments.integer("group_size", 32, 32);
        if (!arguments.flag("symmetric", true)) {
            throw arguments.bad("symmetric", "true");
        }
        if (arguments.flag("dynamic", false) != dynamic) {
            throw arguments.bad("dynamic", String.valueOf(dynamic));
        }
        if (arguments.has("actorder")) {
            throw arguments.bad("actorder", "null, the one that is read");
        }
    }

    private static void require(JsonFields fields, String key, String wanted) {
        if (!fields.text(key).equals(wanted)) {
            throw fields.bad(key, wanted);
        }
    }

    private static void known(JsonFields fields, Set<String> keys) {
        fields.object().fieldNames().forEachRemaining(key -> {
            if (!keys.contains(key)) {
                throw new MxForgeException(fields.where() + " has a key '" + key
                        + "' that is not read here: what it says of the tensors would be lost");
            }
        });
    }
}
