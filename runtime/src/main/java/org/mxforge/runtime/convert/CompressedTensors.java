package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.Recipe;

/**
 * The compressed-tensors library, which vLLM and transformers read: {@code mxfp4-pack-quantized}, with codes in {@code weight_packed}, or
 * {@code mxfp8-quantized}. Which rule activations are quantized by is not in the file: the library takes the next power of two from 1.75
 * times one on. For E2M1 that is {@link ScaleRule#EVEN}; for E4M3 it is {@link ScaleRule#CEIL}, but that this keeps 1.75 itself.
 */
final class CompressedTensors implements ForeignFormat {
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

    @Override
    public CheckpointFormat name() {
        return CheckpointFormat.COMPRESSED_TENSORS;
    }

    @Override
    public boolean has(FormatPair pair) {
        return pair.activation() == pair.weight()
                && (pair.weight() == ElementFormat.E2M1 || pair.weight() == ElementFormat.E4M3);
    }

    @Override
    public String recipes() {
        return "mxfp4 or mxfp8";
    }

    @Override
    public String codes(LinearLayer layer, ElementFormat format) {
        return layer.name() + (format == ElementFormat.E2M1 ? ".weight_packed" : ".weight");
    }

    @Override
    public void describe(ObjectNode config, FormatPair pair, ScaleRule rule, Set<String> plain) {
        String form = pair.weight() == ElementFormat.E2M1 ? "mxfp4-pack-quantized" : "mxfp8-quantized";
        ObjectNode group = config.put("quant_method", "compressed-tensors")
                .put("format", form)
                .put("quantization_status", "compressed")
                .putObject("config_groups")
                .putObject("group_0");
        group.putArray("targets").add("Linear");
        group.put("format", form);
        describe(group.putObject("weights"), pair.weight(), false);
        describe(group.putObject("input_activations"), pair.activation(), true);
        ArrayNode ignored = config.putArray("ignore");
        plain.forEach(ignored::add);
    }

    private static void describe(ObjectNode arguments, ElementFormat format, boolean dynamic) {
        arguments
                .put("num_bits", format.bits())
                .put("type", "float")
                .put("strategy", "group")
                .put("group_size", GroupLayout.GROUP)
                .put("symmetric", true)
                .put("dynamic", dynamic)
                .put("scale_dtype", "torch.uint8")
                .put("zp_dtype", "torch.uint8");
    }

    @Override
    public Recipe read(JsonFields config) {
        ForeignFormat.known(config, KEYS);
        ForeignFormat.requireNothing(config, "kv_cache_scheme", "sparsity_config", "transform_config");
        ElementFormat format =
                switch (config.text("format")) {
                    case "mxfp4-pack-quantized" -> ElementFormat.E2M1;
                    case "mxfp8-quantized" -> ElementFormat.E4M3;
                    default -> throw config.bad("format", "mxfp4-pack-quantized or mxfp8-quantized");
                };
        JsonFields groups = config.section("config_groups");
        if (groups.object().size() != 1) {
            throw config.bad("config_groups", "one group, in which all layers are");
        }
        JsonFields group = groups.section(groups.object().fieldNames().next());
        ForeignFormat.known(group, GROUP_KEYS);
        if (!group.texts("targets").equals(List.of("Linear"))) {
            throw group.bad("targets", "[\"Linear\"]");
        }
        ForeignFormat.requireNothing(group, "output_activations");
        read(group.section("weights"), format, false);
        read(group.section("input_activations"), format, true);
        return ForeignFormat.uniform(
                new FormatPair(format, format), format == ElementFormat.E2M1 ? ScaleRule.EVEN : ScaleRule.CEIL);
    }

    private static void read(JsonFields arguments, ElementFormat format, boolean dynamic) {
        ForeignFormat.known(arguments, ARGUMENT_KEYS);
        ForeignFormat.require(arguments, "num_bits", format.bits());
        ForeignFormat.require(arguments, "type", "float");
        ForeignFormat.require(arguments, "strategy", "group");
        ForeignFormat.require(arguments, "group_size", GroupLayout.GROUP);
        if (!arguments.flag("symmetric", true)) {
            throw arguments.bad("symmetric", "true");
        }
        if (arguments.flag("dynamic", false) != dynamic) {
            throw arguments.bad("dynamic", String.valueOf(dynamic));
        }
        ForeignFormat.requireNothing(arguments, "actorder");
    }
}
