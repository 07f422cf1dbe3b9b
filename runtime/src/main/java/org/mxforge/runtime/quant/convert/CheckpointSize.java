package org.mxforge.runtime.quant.convert;

import java.util.HashSet;
import java.util.Set;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.LinearLayer;
import org.mxforge.runtime.model.LinearSite;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.store.StoredSite;
import org.mxforge.runtime.quant.store.StoredWeight;
import org.mxforge.runtime.tensor.TensorStore;

/**
 * What the tensors of a model take.
 *
 * @param elements weights of the linear layers that recipes quantize
 * @param linearBytes bytes of these layers: BF16, or codes, scales and orders
 * @param otherBytes bytes of everything else
 */
public record CheckpointSize(long elements, long linearBytes, long otherBytes) {
    /** The size of a plain checkpoint as it is. */
    public static CheckpointSize plain(Checkpoint checkpoint) {
        return of(checkpoint, checkpoint.config().linearSites(), null);
    }

    /** The size of a plain checkpoint once {@code plan} is carried out. */
    public static CheckpointSize quantized(Checkpoint checkpoint, QuantizationPlan plan) {
        return of(checkpoint, plan.sites().keySet(), plan);
    }

    private static CheckpointSize of(Checkpoint checkpoint, Iterable<LinearSite> sites, QuantizationPlan plan) {
        TensorStore store = checkpoint.weights().store();
        Set<String> others = new HashSet<>(store.names());
        long elements = 0;
        long bytes = 0;
        for (LinearSite site : sites) {
            InputQuantization input = plan == null ? null : plan.sites().get(site);
            bytes += input == null ? 0 : new StoredSite(site.name(), input).bytes();
            for (LinearLayer layer : site.layers()) {
                String name = layer.name() + ".weight";
                others.remove(name);
                elements += (long) layer.outputs() * layer.channels();
                bytes += input == null
                        ? store.info(name).bytes()
                        : new StoredWeight(layer.name(), site.name(), layer.outputs(), input).bytes();
            }
        }
        long other = others.stream().mapToLong(name -> store.info(name).bytes()).sum();
        return new CheckpointSize(elements, bytes, other);
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
