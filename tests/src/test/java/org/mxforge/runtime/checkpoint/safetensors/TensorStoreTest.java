package org.mxforge.runtime.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;

class TensorStoreTest {
    private static final byte[] ZEROS = new byte[1 << 20];

    @TempDir
    Path folder;

    @Test
    void keepsFloatingTypesAsTheyAreStored() {
        float[] values = {1f, -0f, 1.0039063f, 1.0117188f, 65504f, 1e-7f};
        short[] half = new short[values.length];
        short[] brain = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            half[i] = Float16.fromFloat(values[i]);
            brain[i] = Bfloat16.fromFloat(values[i]);
        }
        TensorStore store = write(new SafetensorsWriter()
                .add("f32", TensorType.F32, SafetensorsWriter.Payload.of(values), 2, 3)
                .add("f16", TensorType.F16, SafetensorsWriter.Payload.of(half), 6)
                .add("bf16", TensorType.BF16, SafetensorsWriter.Payload.of(brain), 3, 2));
        assertThat(store.f32("f32")).containsExactly(values);
        assertThat(store.values("f32").floats()).containsExactly(values);
        assertThat(store.values("f16"))
                .isInstanceOfSatisfying(ScalarArray.Fp16.class, stored -> assertThat(stored.bits())
                        .containsExactly(half));
        assertThat(store.values("bf16"))
                .isInstanceOfSatisfying(ScalarArray.Bf16.class, stored -> assertThat(stored.bits())
                        .containsExactly(brain));
        for (int i = 0; i < values.length; i++) {
            assertThat(store.f32("f16")[i]).isEqualTo(Float16.toFloat(half[i]));
            assertThat(store.f32("bf16")[i]).isEqualTo(Bfloat16.toFloat(brain[i]));
        }
    }

    @Test
    void readsIntegers() {
        byte[] wide = {-1, -1, -1, -1, -1, -1, -1, -1, 7, 0, 0, 0, 0, 0, 0, 0};
        byte[] large = {0, 0, 0, -128, 0, 0, 0, 0};
        TensorStore store = write(new SafetensorsWriter()
                .add("i32", TensorType.I32, SafetensorsWriter.Payload.of(new int[] {3, -4, Integer.MAX_VALUE}), 3)
                .add("i64", TensorType.I64, SafetensorsWriter.Payload.of(wide), 2)
                .add("large", TensorType.I64, SafetensorsWriter.Payload.of(large), 1));
        assertThat(store.ints("i32")).containsExactly(3, -4, Integer.MAX_VALUE);
        assertThat(store.ints("i64")).containsExactly(-1, 7);
        assertThatThrownBy(() -> store.ints("large"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("2147483648");
    }

    @Test
    void errorsNameTheTensor() {
        TensorStore store = write(new SafetensorsWriter()
                .add("q", TensorType.F32, SafetensorsWriter.Payload.of(new float[6]), 2, 3)
                .add("codes", TensorType.U8, SafetensorsWriter.Payload.of(new byte[4]), 4));
        assertThatThrownBy(() -> store.f32("k"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("has no tensor 'k'");
        assertThatThrownBy(() -> store.f32("codes"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("tensor 'codes'")
                .hasMessageContaining("is of type U8, not BF16, F16 or F32");
        assertThatThrownBy(() -> store.values("codes")).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> store.ints("q")).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> store.require("q", 3, 2))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("tensor 'q'")
                .hasMessageContaining("has shape [2, 3] where the model's configuration wants [3, 2]");
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F64", "F8_E4M3", "F8_E5M2", "F4", "I8"})
    void typesThatWeightsCannotHaveAreRefusedByName(TensorType type) {
        TensorStore store = write(
                new SafetensorsWriter().add("w", type, SafetensorsWriter.Payload.of(new byte[2 * type.bits()]), 16));
        WeightReader reader = new WeightReader(store);
        assertThatThrownBy(() -> reader.values("w", 16))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("tensor 'w'")
                .hasMessageContaining("is of type " + type + ", not BF16, F16 or F32")
                .hasMessageContaining("convert it");
        assertThatThrownBy(() -> reader.f32("w", 16)).isInstanceOf(MxForgeException.class);
    }

    /** An embedding of Qwen2.5-72B has 2.5e9 bytes: more than an array holds, and than one mapping. The file is sparse. */
    @Test
    void tensorsOfAnySizeAreCopiedInPieces() throws IOException {
        long size = (3L << 30) + 5;
        Path file = folder.resolve("large.safetensors");
        RawFile.write(file, "{" + RawFile.tensor("w", "U8", "[" + size + "]", 0, size) + "}", 0);
        long start = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {7}), start + (1L << 30));
            channel.write(ByteBuffer.wrap(new byte[] {9}), start + size - 1);
        }
        long[] count = {0};
        Map<Long, Byte> set = new TreeMap<>();
        new WeightReader(TensorStore.open(file)).payload("w").writeTo(new OutputStream() {
            @Override
            public void write(int value) {
                throw new AssertionError("a byte at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                assertThat(length).isLessThanOrEqualTo(1 << 20);
                int i = Arrays.mismatch(bytes, offset, offset + length, ZEROS, 0, length);
                if (i >= 0) {
                    set.put(count[0] + i, bytes[offset + i]);
                }
                count[0] += length;
            }
        });
        assertThat(count[0]).isEqualTo(size);
        assertThat(set).containsExactly(Map.entry(1L << 30, (byte) 7), Map.entry(size - 1, (byte) 9));
    }

    @Test
    void countsFaultsInWeights() {
        float[] values = {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NaN, 2, Float.NEGATIVE_INFINITY};
        short[] brain = {0x3f80, 0x7f80, (short) 0xff81, 0x7fc0};
        WeightReader reader = new WeightReader(write(new SafetensorsWriter()
                .add("f", TensorType.F32, SafetensorsWriter.Payload.of(values), 6)
                .add("b", TensorType.BF16, SafetensorsWriter.Payload.of(brain), 4)
                .add("s", TensorType.U8, SafetensorsWriter.Payload.of(new byte[] {1, -1, 0, -2}), 2, 2)
                .add("good", TensorType.U8, SafetensorsWriter.Payload.of(new byte[] {1, -3}), 2)));
        assertThatThrownBy(() -> reader.f32("f", 6))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("tensor 'f'")
                .hasMessageContaining("2 NaN and 2 infinite values among its 6");
        assertThatThrownBy(() -> reader.values("f", 6)).hasMessageContaining("2 NaN and 2 infinite");
        assertThatThrownBy(() -> reader.values("b", 4)).hasMessageContaining("2 NaN and 1 infinite values among its 4");
        assertThatThrownBy(() -> reader.scales("s", 2, 2).all())
                .hasMessageContaining("2 scales among its 4 that are NaN or 2^127");
        assertThat(reader.scales("good", 2).all()).containsExactly(1, -3);
    }

    @Test
    void readsShardsThroughTheirIndex() throws IOException {
        shards(Map.of("a", "m-1.safetensors", "b", "m-2.safetensors"));
        TensorStore store = TensorStore.open(folder);
        assertThat(store.names()).containsExactlyInAnyOrder("a", "b");
        assertThat(store.f32("a")).containsExactly(1f);
        assertThat(store.f32("b")).containsExactly(2f);
    }

    @Test
    void indexCannotLeadElsewhere() throws IOException {
        for (String shard : new String[] {
            "../m-1.safetensors",
            "/etc/m.safetensors",
            "sub/m-1.safetensors",
            "..",
            "",
            ".safetensors",
            "m-1.bin",
            "C:\\\\m-1.safetensors",
            "m-1.safetensors/../../x.safetensors",
            "m\\u0000.safetensors"
        }) {
            shards(Map.of("a", shard, "b", "m-2.safetensors"));
            assertThatThrownBy(() -> TensorStore.open(folder))
                    .as(shard)
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("not a plain name of a .safetensors file");
        }
    }

    /** As transformers and vLLM have it: files hold more than is wanted, and less than is listed. */
    @Test
    void onlyWhatIsAskedForMustBeThere() throws IOException {
        shards(Map.of("a", "m-1.safetensors", "b", "m-1.safetensors", "c", "m-3.safetensors"));
        TensorStore store = TensorStore.open(folder);
        assertThat(store.names()).containsExactly("a");
        assertThat(store.has("b")).isFalse();
        assertThat(store.f32("a")).containsExactly(1f);
        assertThatThrownBy(() -> store.f32("b"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("m-1.safetensors holds tensor 'b', but it does not");
        assertThatThrownBy(() -> store.f32("c"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("m-3.safetensors holds tensor 'c', but there is no such file");
        assertThatThrownBy(() -> store.f32("d")).hasMessageContaining("has no tensor 'd'");
    }

    @Test
    void aTensorThatTheIndexDoesNotListIsLeftAlone() throws IOException {
        shards(Map.of("b", "m-2.safetensors"));
        new SafetensorsWriter()
                .add("b", TensorType.F32, SafetensorsWriter.Payload.of(new float[] {3}), 1)
                .add("x", TensorType.F32, SafetensorsWriter.Payload.of(new float[] {4}), 1)
                .write(folder.resolve("m-0.safetensors"));
        shards(Map.of("a", "m-0.safetensors", "b", "m-2.safetensors"));
        TensorStore store = TensorStore.open(folder);
        assertThat(store.names()).containsExactly("b");
        assertThat(store.f32("b")).containsExactly(2f);
    }

    @Test
    void anUnknownDtypeMattersToWhoReadsItAlone() throws IOException {
        Path file = folder.resolve("new.safetensors");
        RawFile.write(
                file,
                "{" + RawFile.tensor("w", "F12", "[2]", 0, 3) + "," + RawFile.tensor("v", "F32", "[1]", 3, 7) + "}",
                7);
        TensorStore store = TensorStore.open(file);
        assertThat(store.f32("v")).hasSize(1);
        assertThatThrownBy(() -> store.f32("w"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("tensor 'w' has the unknown dtype 'F12'");
        Path copy = folder.resolve("copy.safetensors");
        new SafetensorsWriter()
                .add(store.info("w"), new WeightReader(store).payload("w"))
                .write(copy);
        assertThat(TensorStore.open(copy).info("w").dtype()).isEqualTo("F12");
        assertThat(TensorStore.open(copy).bytes("w").all())
                .isEqualTo(store.bytes("w").all());
    }

    @Test
    void anIndexMustBeOne() throws IOException {
        assertIndexRefused(Map.of(), "empty weight_map");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":1}}");
        assertThatThrownBy(() -> TensorStore.open(folder)).hasMessageContaining("weight_map: a is 1, not a text");
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
        assertThatThrownBy(() -> TensorStore.open(folder)).hasMessageContaining("lacks weight_map");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThatThrownBy(() -> TensorStore.open(folder)).hasMessageContaining("is an empty folder");
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> TensorStore.open(folder))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("holds neither model.safetensors nor model.safetensors.index.json");
        assertThatThrownBy(() -> TensorStore.open(folder.resolve("none.safetensors")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("there is no file");
        Files.createSymbolicLink(folder.resolve("model.safetensors"), folder.resolve("blobs"));
        assertThatThrownBy(() -> TensorStore.open(folder))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("model.safetensors is a link to something that is not there");
    }

    private void assertIndexRefused(Map<String, String> weightMap, String message) throws IOException {
        shards(weightMap);
        assertThatThrownBy(() -> TensorStore.open(folder))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(message);
    }

    /** Two shards, {@code a} = 1 in the first and {@code b} = 2 in the second, and the index given. */
    private void shards(Map<String, String> weightMap) throws IOException {
        Files.deleteIfExists(folder.resolve("m-1.safetensors"));
        Files.deleteIfExists(folder.resolve("m-2.safetensors"));
        new SafetensorsWriter()
                .add("a", TensorType.F32, SafetensorsWriter.Payload.of(new float[] {1}), 1)
                .write(folder.resolve("m-1.safetensors"));
        new SafetensorsWriter()
                .add("b", TensorType.F32, SafetensorsWriter.Payload.of(new float[] {2}), 1)
                .write(folder.resolve("m-2.safetensors"));
        StringBuilder json = new StringBuilder("{\"metadata\":{\"total_size\":8},\"weight_map\":{");
        weightMap.forEach((tensor, shard) ->
                json.append('"').append(tensor).append("\":\"").append(shard).append("\","));
        String text = weightMap.isEmpty() ? json + "}}" : json.substring(0, json.length() - 1) + "}}";
        Files.writeString(folder.resolve("model.safetensors.index.json"), text);
    }

    private TensorStore write(SafetensorsWriter writer) {
        Path file = folder.resolve("t.safetensors");
        writer.write(file);
        return TensorStore.open(file);
    }
}
