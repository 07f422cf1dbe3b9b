package org.mxforge.runtime.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.Recipe;

/** Writes a quantized copy of a checkpoint: the linear layers of its blocks packed, everything else as it was. */
public final class CheckpointQuantizer {
    /** Largest file unless one tensor alone is larger. */
    public static final long SHARD_BYTES = 4L << 30;

    private final QuantizationPlan plan;
    private final CheckpointForm form;
    private final long shardBytes;

    /** Carries out {@code plan} in this program's own form. */
    public CheckpointQuantizer(QuantizationPlan plan) {
        this(plan, SHARD_BYTES);
    }

    /**
     * Carries out {@code plan}.
     *
     * @throws MxForgeException if {@code format} cannot express it
     */
    public CheckpointQuantizer(QuantizationPlan plan, CheckpointFormat format) {
        this(plan, CheckpointForm.of(format, plan), SHARD_BYTES);
    }

    /**
     * @param shardBytes bytes of tensors after which a new file is begun
     */
    CheckpointQuantizer(QuantizationPlan plan, long shardBytes) {
        this(plan, new OwnForm(plan), shardBytes);
    }

    private CheckpointQuantizer(QuantizationPlan plan, CheckpointForm form, long shardBytes) {
        this.plan = plan;
        this.form = form;
        this.shardBytes = shardBytes;
    }

    /**
     * Refuses a plan that {@code format} cannot express.
     *
     * @throws MxForgeException saying which it can
     */
    public static void check(QuantizationPlan plan, CheckpointFormat format) {
        CheckpointForm.of(format, plan);
    }

    /** What is said of a recipe whose parts differ, where {@code format} wants all channels alike. */
    public static MxForgeException inexpressible(Recipe recipe, CheckpointFormat format) {
        return new MxForgeException(format.text() + " has no form for recipe " + recipe.text() + ": use "
                + ForeignFormat.BY_METHOD.get(format.text()).recipes() + ", or --format "
                + CheckpointFormat.MXFORGE.text());
    }

    /**
     * Writes the copy to {@code output}, which appears complete or not at all.
     *
     * @param progress told of each weight written, in elements
     * @throws MxForgeException if {@code output} exists or cannot be written, or a weight is damaged
     */
    public void write(Path output, LongConsumer progress) {
        UserOutput.folder(output, folder -> {
            CompanionFiles companions = CompanionFiles.of(plan.source().folder());
            ShardPlan shards = ShardPlan.of(items(progress), shardBytes);
            for (int i = 0; i < shards.shards().size(); i++) {
                SafetensorsWriter file = new SafetensorsWriter().metadata("format", "pt");
                form.describe(file);
                shards.shards().get(i).forEach(item -> item.writer().accept(file));
                file.writeTo(folder.resolve(shards.file(i)));
            }
            companions.copy(folder, config -> {
                form.describe(CompanionFiles.quantization(config));
                if (plan.unties()) {
                    config.put("tie_word_embeddings", false);
                }
            });
            CompanionFiles.writeIndex(shards, folder);
        });
    }

    private List<StoredItem> items(LongConsumer progress) {
        List<StoredItem> items = new ArrayList<>();
        Set<String> replaced = new HashSet<>();
        for (Map.Entry<LinearSite, InputQuantization> entry : plan.sites().entrySet()) {
            items.addAll(form.items(entry.getKey(), entry.getValue(), progress));
            entry.getKey().layers().forEach(layer -> replaced.add(layer.name() + ".weight"));
        }
        WeightReader weights = plan.weights();
        for (String name : weights.store().names()) {
            if (!replaced.contains(name)) {
                items.add(plain(weights, name));
            }
        }
        plan.added().forEach(name -> items.add(plain(weights, name)));
        return items;
    }

    private static StoredItem plain(WeightReader weights, String name) {
        TensorInfo info = weights.info(name);
        return new StoredItem(List.of(name), info.bytes(), file -> file.add(info, weights.payload(name)));
    }
}
