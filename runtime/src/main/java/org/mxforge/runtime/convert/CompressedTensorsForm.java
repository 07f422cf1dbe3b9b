package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * The form of the compressed-tensors library, which vLLM and transformers read: {@code mxfp4-pack-quantized} or {@code mxfp8-quantized}.
 * A layer has {@code weight_packed}, U8 [outputs][channels / 2], or {@code weight}, F8_E4M3 [outputs][channels], and {@code
 * weight_scale}, U8 [outputs][channels / 32], E8M0. Codes and scales are those of this program's own form.
 *
 * @param plan one pair for all sites, the channels in their order
 * @param format of weights and activations: E2M1 or E4M3
 */
record CompressedTensorsForm(QuantizationPlan plan, ElementFormat format) implements CheckpointForm {
    private static final String WEIGHT = ".weight";

    /**
     * The form of {@code plan}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if there is none
     */
    static CompressedTensorsForm of(QuantizationPlan plan) {
        Set<List<FormatPair>> pairs = plan.sites().values().stream()
                .map(InputQuantization::split)
                .map(ChannelSplit::pairs)
                .collect(Collectors.toSet());
        for (ElementFormat format : List.of(ElementFormat.E2M1, ElementFormat.E4M3)) {
            boolean uniform = pairs.equals(Set.of(List.of(new FormatPair(format, format))));
            if (uniform && plan.sites().values().stream().allMatch(CompressedTensorsForm::isInOrder)) {
                return new CompressedTensorsForm(plan, format);
            }
        }
        throw CheckpointQuantizer.inexpressible(plan.recipe(), CheckpointFormat.COMPRESSED_TENSORS);
    }

    private static boolean isInOrder(InputQuantization input) {
        int[] order = input.order();
        return IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    }

    private boolean packs() {
        return format == ElementFormat.E2M1;
    }

    @Override
    public List<StoredItem> items(LinearSite site, InputQuantization input, LongConsumer progress) {
        return site.layers().stream().map(layer -> item(layer, progress)).toList();
    }

    private StoredItem item(LinearLayer layer, LongConsumer progress) {
        String codes = layer.name() + WEIGHT + (packs() ? "_packed" : "");
        String scales = layer.name() + WEIGHT + "_scale";
        long row = CodePacking.bytes(format, layer.channels());
        int groups = GroupLayout.MX.count(layer.channels());
        Supplier<PackedMatrix> packed = new PassingLayer(plan, layer, 2, progress);
        return new StoredItem(List.of(codes, scales), layer.outputs() * (row + groups), file -> file.add(
                        codes,
                        packs() ? TensorType.U8 : TensorType.F8_E4M3,
                        out -> Payload.of(packed.get().partitions().get(0).codes())
                                .writeTo(out),
                        layer.outputs(),
                        row)
                .add(
                        scales,
                        TensorType.U8,
                        out -> Payload.of(packed.get().partitions().get(0).scales())
                                .writeTo(out),
                        layer.outputs(),
                        groups));
    }

    @Override
    public void describe(SafetensorsWriter file) {}

    @Override
    public void describe(ObjectNode config) {
        String form = packs() ? "mxfp4-pack-quantized" : "mxfp8-quantized";
        ObjectNode group = config.put("quant_method", "compressed-tensors")
                .put("format", form)
                .put("quantization_status", "compressed")
                .putObject("config_groups")
                .putObject("group_0");
        group.putArray("targets").add("Linear");
        group.put("format", form);
        arguments(group.putObject("weights"), false);
        arguments(group.putObject("input_activations"), true);
        ArrayNode ignored = config.putArray("ignore");
        ignored().forEach(ignored::add);
    }

    private void arguments(ObjectNode arguments, boolean dynamic) {
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

    /** The linear layers that stay plain: what has a matrix and is not looked up by tokens. */
    private Set<String> ignored() {
        Set<String> quantized = plan.sites().keySet().stream()
                .flatMap(site -> site.layers().stream())
                .map(LinearLayer::name)
                .collect(Collectors.toSet());
        TensorStore store = plan.weights().store();
        Set<String> plain = new TreeSet<>(Set.of("lm_head"));
        for (String name : store.names()) {
            if (name.endsWith(WEIGHT)
                    && !name.contains("embed")
                    && store.info(name).shape().size() == 2) {
                plain.add(name.substring(0, name.length() - WEIGHT.length()));
            }
        }
        plain.removeAll(quantized);
        return plain;
    }
}
