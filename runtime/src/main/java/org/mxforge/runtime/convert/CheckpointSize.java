package org.mxforge.runtime.convert;

import java.util.HashSet;
import java.util.Set;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/**
 * What the tensors of a model take.
 *
 * @param elements weights of the linear layers that recipes quantize
 * @param linearBytes bytes of these layers: BF16, or codes, scales and orders
 * @param otherBytes bytes of everything else
 */
public record CheckpointSize(long elements, long linearBytes, long otherBytes) {
    private static final String WEIGHT = ".weight";

    /** The size of a checkpoint as it is, plain or quantized. */
    public static CheckpointSize of(Checkpoint checkpoint) {
        Set<String> weights = new HashSet<>();
        Set<String> orders = new HashSet<>();
        for (LinearSite site : checkpoint.config().linearSites()) {
            orders.add(StoredSite.tensor(site.name()));
            site.layers().forEach(layer -> weights.add(layer.name() + WEIGHT));
        }
        TensorStore store = checkpoint.weights().store();
        long linear = 0;
        long other = 0;
        for (String name : store.names()) {
            int end = name.indexOf(WEIGHT);
            boolean ofLinear = end >= 0 && weights.contains(name.substring(0, end + WEIGHT.length()));
            long bytes = store.info(name).bytes();
            linear += ofLinear || orders.contains(name) ? bytes : 0;
            other += ofLinear || orders.contains(name) ? 0 : bytes;
        }
        return new CheckpointSize(elements(checkpoint), linear, other);
    }

    /** The size of the copy that {@code plan} makes of its checkpoint in this program's own form. */
    public static CheckpointSize of(QuantizationPlan plan) {
        return of(plan, CheckpointFormat.MXFORGE);
    }

    /** The same in any; others have no orders. */
    public static CheckpointSize of(QuantizationPlan plan, CheckpointFormat format) {
        long[] bytes = {0};
        plan.sites().forEach((site, input) -> {
            StoredSite stored = new StoredSite(site.name(), input);
            bytes[0] += format == CheckpointFormat.MXFORGE ? stored.bytes() : 0;
            for (LinearLayer layer : site.layers()) {
                bytes[0] += stored.weight(layer.name(), layer.outputs()).bytes();
            }
        });
        long added = plan.added().stream()
                .mapToLong(name -> plan.weights().info(name).bytes())
                .sum();
        return new CheckpointSize(
                elements(plan.source()), bytes[0], of(plan.source()).otherBytes() + added);
    }

    /** The size of a checkpoint whose linear layers are in INT8, with a scale in FP32 for each output. */
    public static CheckpointSize ofInt8(Checkpoint checkpoint) {
        long scales = checkpoint.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) Float.BYTES * layer.outputs())
                .sum();
        long elements = elements(checkpoint);
        return new CheckpointSize(elements, elements + scales, of(checkpoint).otherBytes());
    }

    private static long elements(Checkpoint checkpoint) {
        return checkpoint.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum();
    }

    /** All bytes. */
    public long bytes() {
        return linearBytes + otherBytes;
    }

    /** Bits for one weight of a linear layer, its share of scales and orders included. */
    public double bitsPerWeight() {
        return 8.0 * linearBytes / elements;
    }
}
