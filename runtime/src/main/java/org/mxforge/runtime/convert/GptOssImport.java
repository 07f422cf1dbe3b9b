package org.mxforge.runtime.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.checkpoint.quantized.StoredSite;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * gpt-oss as the Hugging Face hub has it: experts in MXFP4, all of a layer in one tensor of {@code _blocks}, U8 [experts][outputs][groups][16],
 * and one of {@code _scales}, U8 [experts][outputs][groups]; the rows of gate and up in turn. Each expert's gate, up and down become layers of
 * their own, with their biases; the rest stays as it is.
 */
final class GptOssImport extends CheckpointImport {
    /** What {@code quantization_config} calls it. */
    static final String METHOD = "mxfp4";

    private static final String OBSTACLE =
            "gpt-oss does not run here, since its attention has sinks and its experts have"
                    + " biases and a clamped SwiGLU: the copy is for programs that read its experts' weights";

    private static final String PLAIN = "modules_to_not_convert";
    private static final FormatPair PAIR = new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1);

    /** A tensor of all experts of a layer, the rows of whose parts lie in turn. */
    private record Joined(String name, int outputs, int channels, List<String> parts) {
        int rows() {
            return outputs / parts.size();
        }
    }

    private final ArrayNode plainModules;
    private final int layers;
    private final int experts;
    private final List<Joined> joined;

    private GptOssImport(Path source, JsonFields model, JsonFields section) {
        super(source, new WeightReader(TensorStore.open(source)), ForeignFormat.uniform(PAIR, ScaleRule.EVEN));
        ForeignFormat.known(section, Set.of("quant_method", PLAIN));
        section.texts(PLAIN);
        this.plainModules = section.object().withArray(PLAIN);
        this.layers = model.integer("num_hidden_layers", 1, 1 << 12);
        this.experts = model.integer("num_local_experts", 1, 1 << 12);
        int hidden = width(model, "hidden_size");
        int intermediate = width(model, "intermediate_size");
        this.joined = List.of(
                new Joined("gate_up_proj", 2 * intermediate, hidden, List.of("gate_proj", "up_proj")),
                new Joined("down_proj", hidden, intermediate, List.of("down_proj")));
    }

    static GptOssImport open(Path source, JsonFields model, JsonFields section) {
        if (!model.text("model_type", "").equals("gpt_oss")) {
            throw model.bad("model_type", "gpt_oss, whose experts " + METHOD + " is the form of");
        }
        return new GptOssImport(source, model, section);
    }

    private static int width(JsonFields model, String key) {
        int width = model.integer(key, GroupLayout.GROUP, 1 << 20);
        if (width % GroupLayout.GROUP != 0) {
            throw model.bad(key, "a multiple of " + GroupLayout.GROUP);
        }
        return width;
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.of(OBSTACLE);
    }

    @Override
    public long elements() {
        return joined.stream()
                .mapToLong(all -> (long) layers * experts * all.outputs() * all.channels())
                .sum();
    }

    @Override
    void describe(ObjectNode config) {
        super.describe(config);
        config.set(PLAIN, plainModules);
    }

    @Override
    List<StoredItem> items(LongConsumer progress) {
        List<StoredItem> items = new ArrayList<>();
        Set<String> read = new HashSet<>();
        for (int layer = 0; layer < layers; layer++) {
            for (Joined all : joined) {
                String block = "model.layers." + layer + ".mlp.experts.";
                String tensor = block + all.name();
                int groups = all.channels() / GroupLayout.GROUP;
                require(tensor + "_blocks", TensorType.U8, experts, all.outputs(), groups, GroupLayout.GROUP / 2);
                require(tensor + "_scales", TensorType.U8, experts, all.outputs(), groups);
                TensorInfo bias = weights().store().require(tensor + "_bias", experts, all.outputs());
                read.addAll(List.of(tensor + "_blocks", tensor + "_scales", tensor + "_bias"));
                items.addAll(items(block, all, bias, progress));
            }
        }
        for (String name : weights().store().names()) {
            if (!read.contains(name)) {
                if (name.endsWith("_blocks") || name.endsWith("_scales")) {
                    throw new MxForgeException("tensor '" + name + "' in "
                            + weights().store().source() + " is not of the " + layers + " layers that config.json has");
                }
                items.add(plain(weights().store().info(name)));
            }
        }
        return items;
    }

    private List<StoredItem> items(String block, Joined all, TensorInfo bias, LongConsumer progress) {
        List<StoredItem> items = new ArrayList<>();
        InputQuantization input = InputQuantization.inOrder(ChannelSplit.uniform(PAIR, all.channels()), ScaleRule.EVEN);
        // As in a mixture that runs: the inputs of gate and up are those of all experts, that of down is the expert's
        // own.
        boolean isShared = all.parts().size() > 1;
        StoredSite shared = new StoredSite(block + String.join("_", all.parts()), input);
        if (isShared) {
            items.add(site(shared));
        }
        for (int expert = 0; expert < experts; expert++) {
            for (int part = 0; part < all.parts().size(); part++) {
                LinearLayer layer =
                        new LinearLayer(block + expert + "." + all.parts().get(part), all.rows(), all.channels(), true);
                Rows rows = new Rows(all, expert, part);
                StoredSite site = isShared ? shared : new StoredSite(layer.name(), input);
                if (!isShared) {
                    items.add(site(site));
                }
                StoredSite.Weight weight = site.weight(layer.name(), layer.outputs());
                Supplier<PackedMatrix> packed = new PassingLayer(
                        layer, () -> read(block, rows), weight.tensors().size(), progress);
                items.add(new StoredItem(weight.tensors(), weight.bytes(), file -> weight.addTo(file, packed)));
                items.add(bias(layer.name() + ".bias", bias, rows));
            }
        }
        return items;
    }

    private static StoredItem site(StoredSite site) {
        return new StoredItem(List.of(site.tensor()), site.bytes(), site::addTo);
    }

    private StoredItem bias(String name, TensorInfo joined, Rows rows) {
        int width = joined.type().bits() / Byte.SIZE;
        int count = rows.all().rows();
        return new StoredItem(
                List.of(name),
                (long) count * width,
                file -> file.add(
                        name,
                        joined.type(),
                        out -> out.write(rows.of(weights().store().bytes(joined.name()), width)),
                        count));
    }

    private PackedMatrix read(String block, Rows rows) {
        Joined all = rows.all();
        int groups = all.channels() / GroupLayout.GROUP;
        ByteSource codes = weights().store().bytes(block + all.name() + "_blocks");
        ByteSource scales = weights().scales(block + all.name() + "_scales", experts, all.outputs(), groups);
        return new PackedMatrix(
                all.rows(),
                List.of(new PackedPartition(
                        PAIR.weight(),
                        all.rows(),
                        all.channels(),
                        rows.of(codes, groups * (GroupLayout.GROUP / 2)),
                        rows.of(scales, groups))));
    }

    /** The rows of one part of an expert. */
    private record Rows(Joined all, int expert, int part) {
        /** Of {@code width} bytes each. */
        byte[] of(ByteSource source, int width) {
            byte[] whole = new byte[Math.multiplyExact(all.outputs(), width)];
            source.read((long) expert * whole.length, ByteBuffer.wrap(whole));
            byte[] rows = new byte[all.rows() * width];
            for (int row = 0; row < all.rows(); row++) {
                System.arraycopy(whole, (part + row * all.parts().size()) * width, rows, row * width, width);
            }
            return rows;
        }
    }
}
