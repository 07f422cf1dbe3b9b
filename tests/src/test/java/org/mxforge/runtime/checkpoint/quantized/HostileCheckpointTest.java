package org.mxforge.runtime.checkpoint.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.convert.CheckpointQuantizer;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Quantized checkpoints that were damaged or made up: each is refused in a sentence that names what is wrong. */
class HostileCheckpointTest {
    private static final String DOWN = "model.layers.0.mlp.down_proj";
    private static final String DOWN_SITE = "model.layers.0.mlp.down";

    private record Tensor(TensorType type, long[] shape, byte[] data) {}

    @TempDir
    Path work;

    private final Map<String, Tensor> tensors = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    @BeforeEach
    void quantize() {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        QuantizationPlan plan = new QuantizationPlan(Recipe.parse("mxfp8"), plain, Optional.empty());
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        TensorStore store = TensorStore.open(work.resolve("out"));
        metadata.putAll(store.metadata());
        for (String name : store.names()) {
            TensorInfo info = store.info(name);
            long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
            tensors.put(name, new Tensor(info.type(), shape, store.bytes(name).all()));
        }
    }

    @Test
    void anotherVersion() {
        metadata.put("mxforge.version", "2");
        assertRefused("version '2'", "reads version 1");
    }

    @Test
    void missingMetadata() {
        metadata.remove("mxforge.recipe");
        assertRefused("mxforge.recipe");
    }

    @Test
    void damagedMetadata() {
        metadata.put("mxforge.recipe", "mxfp9");
        assertRefused("mxfp9");
        metadata.put("mxforge.recipe", "mxfp8");
        metadata.put("mxforge.scale_rule", "round");
        assertRefused("mxforge.scale_rule", "round");
    }

    @Test
    void textsWithoutEndStayShortInTheMessage() {
        metadata.put("mxforge.recipe", "x".repeat(1_000_000));
        assertThatThrownBy(this::writeAndReadAll)
                .isInstanceOf(MxForgeException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(800));
        metadata.put("mxforge.recipe", "mxfp8");
        metadata.put("mxforge.split." + DOWN_SITE, "x".repeat(1_000_000));
        assertThatThrownBy(this::writeAndReadAll)
                .isInstanceOf(MxForgeException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(800));
    }

    @Test
    void groupsThatModelsDoNotRunOn() {
        String key = "mxforge.split." + DOWN_SITE;
        metadata.put(key, metadata.get(key) + "/g16");
        assertThatThrownBy(this::writeAndReadAll)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("has groups g16, but models run on groups of 32 with e8m0 scales");
    }

    @Test
    void damagedSplits() {
        String key = "mxforge.split." + DOWN_SITE;
        for (String bad : new String[] {
            "",
            "e4m3xe4m3",
            "e4m3xe4m3:256",
            "e4m3xe4m3:255/32",
            "e4m3xe4m3:-256/32",
            "e4m3xe4m3:0/32",
            "e4m3xe4m3:99999999999/32",
            "e9m9xe4m3:256/32",
            "e4m3xe4m3:256/0"
        }) {
            metadata.put(key, bad);
            assertRefused(key);
        }
    }

    @Test
    void splitsThatDoNotFitTheModel() {
        String key = "mxforge.split." + DOWN_SITE;
        // Its sum as an int is 256 again.
        metadata.put(key, "e4m3xe4m3:2147483616+e4m3xe4m3:2147483616+e4m3xe4m3:320/32");
        assertRefused(key, "too wide");
        metadata.put(key, "e4m3xe4m3:128+e4m3xe4m3:128/32");
        assertRefused(DOWN + ".weight.part0.codes", "[128, 128]");
        metadata.put(key, "e2m1xe2m1:256/32");
        assertRefused(DOWN + ".weight.part0.codes", "[128, 128]");
        metadata.put(key, "e4m3xe4m3:128/32");
        put(DOWN_SITE + ".order", TensorType.I32, new byte[4 * 128], 128);
        assertRefused(DOWN_SITE);
    }

    @Test
    void aLayerWithoutSite() {
        metadata.remove("mxforge.site." + DOWN);
        assertRefused("mxforge.site." + DOWN);
        metadata.put("mxforge.site." + DOWN, "model.layers.7.mlp.down");
        assertRefused("mxforge.split.model.layers.7.mlp.down");
        metadata.put("mxforge.site." + DOWN, "model.layers.0.self_attn.o");
        assertRefused("128 channels", "256");
    }

    @Test
    void missingParts() {
        Tensor codes = tensors.remove(DOWN + ".weight.part0.codes");
        assertRefused(DOWN + ".weight.part0.codes");
        tensors.put(DOWN + ".weight.part0.codes", codes);
        tensors.remove(DOWN + ".weight.part0.scales");
        assertRefused(DOWN + ".weight.part0.scales");
    }

    @Test
    void partsTooMany() {
        put(DOWN + ".weight.part1.codes", TensorType.U8, new byte[128 * 32], 128, 32);
        assertRefused(DOWN + ".weight.part1.codes");
    }

    @Test
    void wrongSizesAndTypes() {
        put(DOWN + ".weight.part0.scales", TensorType.U8, new byte[128 * 7], 128, 7);
        assertRefused(DOWN + ".weight.part0.scales", "[128, 7]", "[128, 8]");
        put(DOWN + ".weight.part0.scales", TensorType.I8, new byte[128 * 8], 128, 8);
        assertRefused(DOWN + ".weight.part0.scales", "I8", "U8");
    }

    @Test
    void ordersThatAreNoPermutation() {
        String name = DOWN_SITE + ".order";
        byte[] order = tensors.get(name).data();
        ByteBuffer view = ByteBuffer.wrap(order).order(ByteOrder.LITTLE_ENDIAN);
        view.putInt(0, 1);
        assertRefused(name, "channel 1 ");
        view.putInt(0, -1);
        assertRefused(name, "channel -1 ");
        view.putInt(0, 256);
        assertRefused(name, "channel 256 ");
        put(name, TensorType.I32, Arrays.copyOf(order, 4 * 255), 255);
        assertRefused(name, "[255]", "[256]");
        put(name, TensorType.F32, order, 256);
        assertRefused(name, "F32");
    }

    @Test
    void nanScalesAndCodesAreCounted() {
        byte[] scales = tensors.get(DOWN + ".weight.part0.scales").data();
        Arrays.fill(scales, 3, 10, (byte) 0xff);
        assertRefused(DOWN + ".weight.part0.scales", "7 scales", "NaN or 2^127");
        Arrays.fill(scales, 3, 10, (byte) 0xfe);
        assertRefused(DOWN + ".weight.part0.scales", "7 scales", "NaN or 2^127");
        Arrays.fill(scales, 3, 10, (byte) 127);
        byte[] codes = tensors.get(DOWN + ".weight.part0.codes").data();
        codes[5] = (byte) 0xff;
        codes[6] = 0x7f;
        assertRefused(DOWN + ".weight.part0.codes", "2 NaN");
    }

    @Test
    void aTruncatedFile() throws IOException {
        Path file = work.resolve("out/model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Checkpoint.open(work.resolve("out")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("truncated");
    }

    private void put(String name, TensorType type, byte[] data, long... shape) {
        tensors.put(name, new Tensor(type, shape, data));
    }

    private void assertRefused(String... wanted) {
        assertThatThrownBy(this::writeAndReadAll)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(wanted);
    }

    /** Writes the tensors and texts as they are now and reads every layer. */
    private void writeAndReadAll() {
        SafetensorsWriter writer = new SafetensorsWriter();
        metadata.forEach(writer::metadata);
        tensors.forEach((name, tensor) ->
                writer.add(name, tensor.type(), SafetensorsWriter.Payload.of(tensor.data()), tensor.shape()));
        work.resolve("out/model.safetensors").toFile().delete();
        writer.write(work.resolve("out/model.safetensors"));
        Checkpoint checkpoint = Checkpoint.open(work.resolve("out"));
        QuantizedTensors quantized = QuantizedTensors.open(checkpoint.weights());
        for (LinearSite site : checkpoint.config().linearSites()) {
            for (LinearLayer layer : site.layers()) {
                quantized
                        .weight(layer.name(), layer.outputs(), layer.channels())
                        .matrix();
            }
        }
    }
}
