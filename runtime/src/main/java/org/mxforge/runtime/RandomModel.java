package org.mxforge.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.files.PrivateFolder;
import org.mxforge.runtime.base.files.Publication;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/**
 * A model with random weights, to be timed and not to be read: a checkpoint in a temporary folder of this process, which closing it
 * removes, and the end of the program at the latest. Close what was loaded from it first.
 */
public final class RandomModel implements AutoCloseable {
    /** A prime number of values, which repeat: making each would take longer than writing them, and rows still differ. */
    private static final int VALUES = 1_048_573;

    /** As weights of these models scatter. */
    private static final double DEVIATION = 0.02;

    private static final long SEED = 1;

    private final Path folder;
    private final ModelFolder model;

    private RandomModel(Path folder, ModelFolder model) {
        this.folder = folder;
        this.model = model;
    }

    static RandomModel make(ModelShape shape, Progress progress) {
        try {
            Path folder = PrivateFolder.temporary("mxforge-random");
            try {
                Files.writeString(folder.resolve("config.json"), shape.config().toPrettyString());
                write(shape, folder, progress);
                return new RandomModel(folder, ModelFolder.open(folder));
            } catch (IOException | RuntimeException e) {
                Publication.withdraw(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new MxForgeException(
                    "cannot make random weights of " + shape.name() + " among temporary files (" + e.getMessage()
                            + "): make room there, or name another folder with -Djava.io.tmpdir",
                    e);
        }
    }

    private static void write(ModelShape shape, Path folder, Progress progress) throws IOException {
        Map<String, long[]> tensors = tensors(ModelConfig.read(folder));
        long bytes = tensors.values().stream().mapToLong(RandomModel::bytes).sum();
        long free = Files.getFileStore(folder).getUsableSpace();
        if (bytes > free) {
            throw new MxForgeException("random weights of " + shape.name() + " with " + shape.layers() + " layers take "
                    + ByteSize.text(bytes) + ", but " + folder.getParent() + " has room for " + ByteSize.text(free)
                    + ": make fewer layers, or name another folder with -Djava.io.tmpdir");
        }
        byte[] values = values();
        byte[] ones = new byte[values.length];
        short one = Bfloat16.fromFloat(1);
        for (int i = 0; i < ones.length; i += Short.BYTES) {
            ones[i] = (byte) one;
            ones[i + 1] = (byte) (one >> Byte.SIZE);
        }
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Steps steps = Steps.begin(progress, "making random weights", "bytes", bytes)) {
            // Norms alone have one dimension and no bias in their name: as in models that begin to learn, they are 1.
            tensors.forEach((name, sizes) -> writer.add(
                    name,
                    TensorType.BF16,
                    out -> {
                        byte[] from = sizes.length == 1 && name.endsWith(".weight") ? ones : values;
                        for (long left = bytes(sizes); left > 0; left -= Math.min(left, from.length)) {
                            out.write(from, 0, (int) Math.min(left, from.length));
                        }
                        steps.advance(bytes(sizes));
                    },
                    sizes));
            writer.write(folder.resolve("model.safetensors"));
        }
    }

    private static byte[] values() {
        SplittableRandom random = new SplittableRandom(SEED);
        ByteBuffer values = ByteBuffer.allocate(VALUES * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VALUES; i++) {
            values.putShort(Bfloat16.fromFloat((float) (DEVIATION * random.nextGaussian())));
        }
        return values.array();
    }

    private static long bytes(long[] sizes) {
        return LongStream.of(sizes).reduce(Short.BYTES, Math::multiplyExact);
    }

    /** All tensors that a model of dense or routed layers has, with their sizes. */
    private static Map<String, long[]> tensors(ModelConfig config) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put(config.embedding() + ".weight", new long[] {config.vocabulary(), config.hidden()});
        tensors.put(config.outputHead() + ".weight", new long[] {config.vocabulary(), config.hidden()});
        tensors.put(config.norm() + ".weight", new long[] {config.hidden()});
        config.decoderLayers().forEach(layer -> {
            tensors.put(layer.attention().norm() + ".weight", new long[] {config.hidden()});
            tensors.put(layer.feedForward().norm() + ".weight", new long[] {config.hidden()});
            layer.feedForward().map(gated -> null, routed -> {
                put(tensors, routed.router());
                return null;
            });
        });
        config.linearSites().stream()
                .map(LinearSite::layers)
                .flatMap(Collection::stream)
                .forEach(layer -> put(tensors, layer));
        return tensors;
    }

    private static void put(Map<String, long[]> tensors, LinearLayer layer) {
        tensors.put(layer.name() + ".weight", new long[] {layer.outputs(), layer.channels()});
        if (layer.bias()) {
            tensors.put(layer.name() + ".bias", new long[] {layer.outputs()});
        }
    }

    /** The checkpoint. */
    public ModelFolder folder() {
        return model;
    }

    /** Removes the checkpoint. */
    @Override
    public void close() {
        try {
            Publication.withdraw(folder);
        } catch (IOException e) {
            throw new MxForgeException(
                    "cannot remove the random weights in " + folder + " (" + e.getMessage() + "): delete the folder",
                    e);
        }
    }
}
