package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;

/** Writes a quantized copy of a checkpoint: the linear layers of its blocks packed, everything else as it was. */
public final class CheckpointQuantizer {
    /** Largest file unless one tensor alone is larger. */
    public static final long SHARD_BYTES = 4L << 30;

    private final QuantizationPlan plan;
    private final long shardBytes;

    /** Carries out {@code plan}. */
    public CheckpointQuantizer(QuantizationPlan plan) {
        this(plan, SHARD_BYTES);
    }

    /**
     * @param shardBytes bytes of tensors after which a new file is begun
     */
    CheckpointQuantizer(QuantizationPlan plan, long shardBytes) {
        this.plan = plan;
        this.shardBytes = shardBytes;
    }

    /**
     * Writes the copy to {@code output}, which appears complete or not at all.
     *
     * @param progress told of each weight written, in elements
     * @throws org.mxforge.runtime.base.MxForgeException if {@code output} exists or cannot be written, or a weight is damaged
     */
    public void write(Path output, LongConsumer progress) {
        UserOutput.folder(output, folder -> {
            CompanionFiles companions = CompanionFiles.of(plan.source().folder());
            ShardPlan shards = ShardPlan.of(items(progress), shardBytes);
            for (int i = 0; i < shards.shards().size(); i++) {
                SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
                QuantizedTensors.describe(file, plan.recipe());
                shards.shards().get(i).forEach(item -> item.writer().accept(file));
                file.write(folder.resolve(shards.file(i)));
            }
            companions.copy(folder, plan.recipe());
            CompanionFiles.writeIndex(shards, folder);
        });
    }

    private List<StoredItem> items(LongConsumer progress) {
        List<StoredItem> items = new ArrayList<>();
        Set<String> replaced = new HashSet<>();
        for (Map.Entry<LinearSite, InputQuantization> entry : plan.sites().entrySet()) {
            StoredSite site = new StoredSite(entry.getKey().name(), entry.getValue());
            items.add(new StoredItem(List.of(site.tensor()), site.bytes(), site::addTo));
            for (LinearLayer layer : entry.getKey().layers()) {
                replaced.add(layer.name() + ".weight");
                StoredSite.Weight weight = site.weight(layer.name(), layer.outputs());
                Supplier<PackedMatrix> packed =
                        new PassingLayer(plan, layer, weight.tensors().size(), progress);
                items.add(new StoredItem(weight.tensors(), weight.bytes(), file -> weight.addTo(file, packed)));
            }
        }
        WeightReader weights = plan.weights();
        for (String name : weights.store().names()) {
            if (!replaced.contains(name)) {
                items.add(plain(weights, weights.store().info(name)));
            }
        }
        return items;
    }

    private static StoredItem plain(WeightReader weights, TensorInfo info) {
        long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
        return new StoredItem(
                List.of(info.name()), info.bytes(), file -> file.add(info, weights.payload(info.name(), shape)));
    }
}
