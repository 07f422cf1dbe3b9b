package org.mxforge.runtime.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.mxforge.runtime.base.MxForgeException;

class SafetensorsPropertyTest {
    private static Path folder;

    private record Blob(TensorType type, List<Integer> shape, byte[] data) {}

    @BeforeContainer
    static void createFolder() throws IOException {
        folder = Files.createTempDirectory("safetensors");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Provide
    Arbitrary<Blob> blobs() {
        Arbitrary<TensorType> types = Arbitraries.of(TensorType.class).filter(type -> type.bits() >= 8);
        Arbitrary<List<Integer>> shapes =
                Arbitraries.integers().between(0, 5).list().ofMaxSize(4);
        return Combinators.combine(types, shapes, Arbitraries.randoms()).as((type, shape, random) -> {
            byte[] data = new byte[shape.stream().reduce(type.bits() / 8, (a, b) -> a * b)];
            random.nextBytes(data);
            return new Blob(type, shape, data);
        });
    }

    @Provide
    Arbitrary<Map<String, Blob>> tensors() {
        Arbitrary<String> names = Arbitraries.strings().ofMaxLength(20).filter(SafetensorsPropertyTest::isName);
        return Arbitraries.maps(names, blobs()).ofMaxSize(8);
    }

    private static boolean isName(String text) {
        return !text.equals("__metadata__")
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Property(tries = 150)
    void whatIsWrittenIsReadAndOrderDoesNotMatter(@ForAll("tensors") Map<String, Blob> tensors, @ForAll Random random)
            throws IOException {
        List<String> names = new ArrayList<>(tensors.keySet());
        byte[] first = write(names, tensors);
        TensorStore store = TensorStore.open(folder.resolve("t.safetensors"));
        assertThat(store.names()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(store.metadata()).containsExactly(Map.entry("format", "mxforge"));
        tensors.forEach((name, blob) -> {
            assertThat(store.info(name).type()).isEqualTo(blob.type());
            assertThat(store.info(name).shape())
                    .isEqualTo(blob.shape().stream().map(Long::valueOf).toList());
            assertThat(store.bytes(name).all()).isEqualTo(blob.data());
        });
        Collections.shuffle(names, random);
        assertThat(write(names, tensors)).isEqualTo(first);
    }

    @Property(tries = 200)
    void windowsAreSeamless(
            @ForAll @IntRange(min = 1, max = 40) int window,
            @ForAll @IntRange(min = 0, max = 9) int start,
            @ForAll @IntRange(min = 0, max = 200) int size,
            @ForAll Random random)
            throws IOException {
        byte[] data = new byte[start + size];
        random.nextBytes(data);
        Path file = Files.write(folder.resolve("w.bin"), data);
        MappedFile mapped = new MappedFile(file, FileChannel.open(file), start, window);
        assertThat(mapped.length()).isEqualTo(size);
        int begin = random.nextInt(size + 1);
        int end = begin + random.nextInt(size - begin + 1);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        mapped.read(begin, end, piece -> {
            assertThat(piece.remaining() % 8 == 0 || read.size() + piece.remaining() == end - begin)
                    .isTrue();
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            read.writeBytes(bytes);
        });
        assertThat(read.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(data, start + begin, start + end));
    }

    @Property(tries = 500)
    void damagedHeadersNeverEndInAnotherError(@ForAll Random random) throws IOException {
        String header = "{" + RawFile.tensor("w", "F32", "[2,2]", 0, 16) + ",\"__metadata__\":{\"a\":\"b\"}}";
        byte[] bytes = Files.readAllBytes(RawFile.write(folder.resolve("d.safetensors"), header, 16));
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(header.length() + 8)] = (byte) random.nextInt(256);
        }
        Path file = Files.write(folder.resolve("d.safetensors"), bytes);
        try {
            TensorStore store = TensorStore.open(file);
            store.names().forEach(store::bytes);
        } catch (MxForgeException e) {
            assertThat(e.getMessage()).contains("d.safetensors").doesNotContain("\n");
        }
    }

    @Example
    void nothingIsLeftWhenWritingFails() throws IOException {
        Path file = folder.resolve("f.safetensors");
        SafetensorsWriter wrong =
                new SafetensorsWriter().add("w", TensorType.F32, SafetensorsWriter.Payload.of(new float[1]), 2);
        assertThatThrownBy(() -> wrong.write(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 4 bytes instead of 8");
        assertThatThrownBy(() ->
                        new SafetensorsWriter().write(folder.resolve("none").resolve("f.safetensors")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("there is no folder");
        try (var files = Files.list(folder)) {
            assertThat(files.filter(f -> f.getFileName().toString().contains("f.safetensors")))
                    .isEmpty();
        }
    }

    private static byte[] write(List<String> order, Map<String, Blob> tensors) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "mxforge");
        for (String name : order) {
            Blob blob = tensors.get(name);
            long[] shape = blob.shape().stream().mapToLong(Integer::longValue).toArray();
            writer.add(name, blob.type(), SafetensorsWriter.Payload.of(blob.data()), shape);
        }
        Path file = folder.resolve("t.safetensors");
        Files.deleteIfExists(file);
        writer.write(file);
        return Files.readAllBytes(file);
    }
}
