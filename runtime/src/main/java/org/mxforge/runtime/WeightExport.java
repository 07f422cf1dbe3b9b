package org.mxforge.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * Weights laid out as exported kernels read them, in one safetensors file. Of each layer it has, for each part i of its split,
 * {@code LAYER.weight.part<i>.elements}, U8; with folded scales {@code LAYER.weight.factors}, F32, one for each row and those of padding,
 * and else {@code LAYER.weight.part<i>.scales}, U8; and {@code LAYER.bias}, BF16, where it has one. Of each site, {@code SITE.order}, I32.
 * Where other tensors of the model had to change with the weights, such as embeddings and norms that go with a rotation, it has these as they
 * became, under their own names.
 * The header's metadata has {@code mxforge.layer.LAYER}, JSON: the layers of the checkpoint in it with the outputs of
 * each, site, outputs of all, layout, split, rule, transform and tolerance.
 */
final class WeightExport {
    private static final String VERSION = "1";

    private final List<Layer> layers;
    private final Map<TensorInfo, Payload> changed;
    private final LongConsumer progress;

    /** The layer that was laid out last: its tensors follow each other, but for the factors, which are wider and come before all. */
    private Layer current;

    private LaidOut laidOut;

    /**
     * A layer.
     *
     * @param product layers of the checkpoint that are one here
     * @param site whose input it reads
     * @param input how that is quantized
     * @param layout how the weight is to lie
     * @param tolerance whether elements may be rounded when scales are folded into them
     * @param bias outputs values, or null
     * @param packed reads or quantizes the weight
     */
    record Layer(
            LinearSite.Product product,
            String site,
            InputQuantization input,
            OperandLayout layout,
            Tolerance tolerance,
            float[] bias,
            Supplier<PackedMatrix> packed) {
        String name() {
            return product.name();
        }

        int outputs() {
            return product.outputs();
        }
    }

    /** A weight as it lies in memory; scales are empty where they are folded, factors where they are not. */
    private record LaidOut(List<byte[]> elements, List<byte[]> scales, float[] factors) {
        static LaidOut of(PackedMatrix matrix, OperandLayout layout, Tolerance tolerance) {
            if (layout.isFolded()) {
                FoldedMatrix folded = FoldedMatrix.fold(matrix, layout, Side.WEIGHT, tolerance);
                return new LaidOut(
                        folded.partitions().stream()
                                .map(FoldedMatrix.Partition::tiles)
                                .toList(),
                        List.of(),
                        folded.factors());
            }
            return new LaidOut(
                    matrix.partitions().stream().map(part -> part.codes()).toList(),
                    matrix.partitions().stream()
                            .map(part -> part.scales(layout))
                            .toList(),
                    new float[0]);
        }
    }

    private WeightExport(List<Layer> layers, Map<TensorInfo, Payload> changed, LongConsumer progress) {
        this.layers = layers;
        this.changed = changed;
        this.progress = progress;
    }

    /**
     * Writes the weights of {@code layers} for {@code target}.
     *
     * @param changed other tensors that had to change with them
     * @param progress told of each weight that was laid out, in elements
     * @throws org.mxforge.runtime.base.MxForgeException if one would be rounded where its tolerance does not allow it, or {@code output}
     *     exists or cannot be written
     */
    static void write(
            List<Layer> layers, Map<TensorInfo, Payload> changed, Target target, Path output, LongConsumer progress) {
        new WeightExport(layers, changed, progress).write(target, output);
    }

    private void write(Target target, Path output) {
        SafetensorsWriter file = new SafetensorsWriter()
                .metadata("mxforge.weights", VERSION)
                .metadata("mxforge.tool", "mxforge " + ToolVersion.TEXT)
                .metadata("mxforge.target", target.text());
        Set<String> sites = new HashSet<>();
        for (Layer layer : layers) {
            if (sites.add(layer.site())) {
                int[] order = layer.input().order();
                file.add(StoredSite.tensor(layer.site()), TensorType.I32, Payload.of(order), order.length);
            }
            add(layer, file);
        }
        changed.forEach(file::add);
        file.write(output);
    }

    private void add(Layer layer, SafetensorsWriter file) {
        file.metadata("mxforge.layer." + layer.name(), description(layer));
        if (layer.bias() != null) {
            short[] bias = new short[layer.outputs()];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = Bfloat16.fromFloat(layer.bias()[i]);
            }
            file.add(layer.name() + ".bias", TensorType.BF16, Payload.of(bias), bias.length);
        }
        OperandLayout layout = layer.layout();
        if (layout.isFolded()) {
            file.add(
                    layer.name() + ".weight.factors",
                    TensorType.F32,
                    out -> Payload.of(laidOut(layer).factors()).writeTo(out),
                    layout.scaleBytes(layer.outputs(), 1) / Float.BYTES);
        }
        List<Partition> parts = layer.input().split().partitions();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            Partition partition = parts.get(i);
            String name = layer.name() + ".weight.part" + i;
            file.add(
                    name + ".elements",
                    TensorType.U8,
                    out -> out.write(laidOut(layer).elements().get(part)),
                    layout.elementBytes(partition.formats().weight(), layer.outputs(), partition.channels()));
            if (!layout.isFolded()) {
                int groups = layer.input().split().groups().count(partition.channels());
                file.add(
                        name + ".scales",
                        TensorType.U8,
                        out -> out.write(laidOut(layer).scales().get(part)),
                        layout.scaleBytes(layer.outputs(), groups));
            }
        }
    }

    private static String description(Layer layer) {
        ObjectNode description = JsonNodeFactory.instance.objectNode();
        ObjectNode rows = description.putObject("layers");
        layer.product().layers().forEach(each -> rows.put(each.name(), each.outputs()));
        return description
                .put("site", layer.site())
                .put("outputs", layer.outputs())
                .put("layout", layer.layout().name().toLowerCase(Locale.ROOT))
                .put("split", layer.input().split().text())
                .put("rule", layer.input().rule().text())
                .put("transform", layer.input().transform().text())
                .put("tolerance", layer.tolerance().text())
                .toString();
    }

    private LaidOut laidOut(Layer layer) {
        if (layer != current) {
            laidOut = LaidOut.of(layer.packed().get(), layer.layout(), layer.tolerance());
            current = layer;
            progress.accept((long) layer.outputs() * layer.input().split().channels());
        }
        return laidOut;
    }
}
