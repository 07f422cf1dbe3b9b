package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * The form of another program, with the codes and scales of this program's own.
 *
 * @param plan {@code pair} at all sites, the channels in their order
 */
record ForeignForm(ForeignFormat format, QuantizationPlan plan, FormatPair pair) implements CheckpointForm {
    private static final String WEIGHT = ".weight";

    /**
     * The form of {@code plan}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if there is none
     */
    static ForeignForm of(ForeignFormat format, QuantizationPlan plan) {
        Set<List<FormatPair>> splits = plan.sites().values().stream()
                .map(InputQuantization::split)
                .map(ChannelSplit::pairs)
                .collect(Collectors.toSet());
        List<FormatPair> pairs = splits.iterator().next();
        boolean uniform = splits.size() == 1 && pairs.size() == 1 && format.has(pairs.get(0));
        if (!uniform || !plan.sites().values().stream().allMatch(ForeignForm::isAsItIs)) {
            throw CheckpointQuantizer.inexpressible(plan.recipe(), format.name());
        }
        return new ForeignForm(format, plan, pairs.get(0));
    }

    private static boolean isAsItIs(InputQuantization input) {
        return input.equals(input.inOrder().with(GroupTransform.NONE));
    }

    @Override
    public List<StoredItem> items(LinearSite site, InputQuantization input, LongConsumer progress) {
        return site.layers().stream().map(layer -> item(layer, progress)).toList();
    }

    private StoredItem item(LinearLayer layer, LongConsumer progress) {
        ElementFormat weight = pair.weight();
        String codes = format.codes(layer, weight);
        String scales = format.scales(layer);
        long row = CodePacking.bytes(weight, layer.channels());
        int groups = GroupLayout.MX.count(layer.channels());
        Supplier<PackedMatrix> packed =
                new PassingLayer(layer, () -> plan.quantize(layer).matrix(), 2, progress);
        return new StoredItem(List.of(codes, scales), layer.outputs() * (row + groups), file -> file.add(
                        codes,
                        format.type(weight),
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

    /** The recipe, which the program's own configuration may not hold whole, for {@link CheckpointImport}. */
    @Override
    public void describe(SafetensorsWriter file) {
        QuantizedTensors.note(file, plan.recipe());
    }

    @Override
    public void describe(ObjectNode config) {
        format.describe(config, pair, plan.recipe().rule(), plain());
    }

    /** The linear layers that stay plain: what has a matrix and is not looked up by tokens. */
    private Set<String> plain() {
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
