package org.mxforge.runtime.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mxforge.runtime.checkpoint.safetensors.RawFile.tensor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.base.MxForgeException;

class HostileHeaderTest {
    private static final String GOOD = tensor("w", "F32", "[2]", 0, 8);

    @TempDir
    Path folder;

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", 0, "does not begin with '{'"),
                Arguments.of("[]", 0, "does not begin with '{'"),
                Arguments.of(" {" + GOOD + "}", 8, "does not begin with '{'"),
                Arguments.of("{" + GOOD, 8, "damaged"),
                Arguments.of("{" + GOOD + "} x", 8, "damaged"),
                Arguments.of("{" + GOOD + "}{}", 8, "something follows its closing brace"),
                Arguments.of("{" + GOOD + "," + tensor("w", "F32", "[2]", 8, 16) + "}", 16, "Duplicate"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                        4,
                        "Duplicate"),
                Arguments.of("{\"w\":3}", 0, "'w' is not an object"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                        8,
                        "'w' lacks its dtype, shape or two data_offsets"),
                Arguments.of("{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8, "'w' lacks its dtype"),
                Arguments.of("{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'w' lacks its dtype"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", 8, "'w' lacks its dtype"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", 8, "more than 2 numbers"),
                Arguments.of(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}",
                        8,
                        "unknown field 'x'"),
                Arguments.of("{" + tensor("w", "F12", "[2]", 0, 8) + "}", 9, "holds 9 bytes of data"),
                Arguments.of("{" + tensor("w", "F12", "[2]", 8, 0) + "}", 8, "instead of 0"),
                Arguments.of("{" + GOOD + "," + tensor("v", "F12", "[2]", 4, 8) + "}", 8, "overlaps another"),
                Arguments.of(
                        "{\"w\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}}",
                        8,
                        "dtype of tensor 'w' is not a text"),
                Arguments.of("{" + tensor("w", "F32", "2", 0, 8) + "}", 8, "the shape of tensor 'w' is not a list"),
                Arguments.of("{" + tensor("w", "F32", "[2.0]", 0, 8) + "}", 8, "not a whole number"),
                Arguments.of("{" + tensor("w", "F32", "[\"2\"]", 0, 8) + "}", 8, "not a whole number"),
                Arguments.of("{" + tensor("w", "F32", "[[2]]", 0, 8) + "}", 8, "not a whole number"),
                Arguments.of("{" + tensor("w", "F32", "[-2]", 0, 8) + "}", 8, "below 0"),
                Arguments.of("{" + tensor("w", "F32", "[18446744073709551618]", 0, 8) + "}", 8, "above 2^63"),
                Arguments.of("{" + tensor("w", "F32", "[1,1,1,1,1,1,1,1,2]", 0, 8) + "}", 8, "more than 8 numbers"),
                Arguments.of("{" + tensor("w", "F32", "[4611686018427387904,4]", 0, 8) + "}", 8, "impossibly large"),
                Arguments.of("{" + tensor("w", "F32", "[3]", 0, 8) + "}", 8, "needs 12 bytes but its offsets span 8"),
                Arguments.of("{" + tensor("w", "F4", "[3]", 0, 2) + "}", 2, "does not fill whole bytes"),
                Arguments.of("{" + tensor("w", "F32", "[2]", 8, 16) + "}", 16, "leaves a hole"),
                Arguments.of("{" + tensor("w", "F32", "[2]", 8, 0) + "}", 8, "leaves a hole"),
                Arguments.of("{" + GOOD + "," + tensor("v", "F32", "[2]", 4, 12) + "}", 12, "overlaps"),
                Arguments.of("{" + GOOD + "," + tensor("v", "F32", "[2]", 0, 8) + "}", 8, "overlaps"),
                Arguments.of("{" + GOOD + "," + tensor("v", "F32", "[2]", 12, 20) + "}", 20, "leaves a hole"),
                Arguments.of("{" + GOOD + "}", 4, "truncated"),
                Arguments.of("{" + GOOD + "}", 12, "holds 12 bytes of data but its header describes 8"),
                Arguments.of(
                        "{" + tensor("w", "U8", "[9223372036854775807]", 0, Long.MAX_VALUE) + "}",
                        8,
                        "impossibly large"),
                Arguments.of("{\"__metadata__\":{\"a\":1}," + GOOD + "}", 8, "metadata 'a' is not a text"),
                Arguments.of("{\"__metadata__\":[]," + GOOD + "}", 8, "'__metadata__' is not an object"),
                Arguments.of("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}," + GOOD + "}", 8, "Duplicate"),
                Arguments.of("{\"w\":" + "[".repeat(100_000), 0, "not an object"),
                Arguments.of("{\"w\":{\"dtype\":" + "[".repeat(100_000), 0, "dtype of tensor 'w' is not a text"),
                Arguments.of("{\"" + "w".repeat(2000) + "\":{}}", 0, "damaged"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatBreaksARule(String header, int dataBytes, String message) {
        Path file = RawFile.write(folder.resolve("x.safetensors"), header, dataBytes);
        assertThatThrownBy(() -> TensorStore.open(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("x.safetensors")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n")
                .hasSizeLessThan(3000);
    }

    @Test
    void refusesHeaderLengthsBeforeAllocating() {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        for (long announced :
                new long[] {3, 100_000_000, 100_000_001, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            Path file = RawFile.write(folder.resolve("x.safetensors"), announced, json, 0);
            assertThatThrownBy(() -> TensorStore.open(file))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining(Long.toUnsignedString(announced));
        }
    }

    @Test
    void refusesFilesTooShortForALength() throws IOException {
        for (int size = 0; size < 8; size++) {
            Path file = Files.write(folder.resolve("x.safetensors"), new byte[size]);
            assertThatThrownBy(() -> TensorStore.open(file))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("has only " + size + " bytes");
        }
    }

    @Test
    void refusesEveryTruncationOfAGoodFile() throws IOException {
        byte[] whole = Files.readAllBytes(RawFile.write(
                folder.resolve("x.safetensors"), "{" + GOOD + "," + tensor("v", "U8", "[3]", 8, 11) + "}", 11));
        for (int size = 0; size < whole.length; size++) {
            Path file = folder.resolve("cut.safetensors");
            Files.write(file, java.util.Arrays.copyOf(whole, size));
            assertThatThrownBy(() -> TensorStore.open(file)).isInstanceOf(MxForgeException.class);
        }
    }

    @Test
    void readsOnlyUtf8() {
        byte[] latin = ("{" + tensor("\u00e4", "U8", "[0]", 0, 0) + "}").getBytes(StandardCharsets.ISO_8859_1);
        byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
        for (byte[] header : new byte[][] {latin, wide}) {
            Path file = RawFile.write(folder.resolve("x.safetensors"), header.length, header, 0);
            assertThatThrownBy(() -> TensorStore.open(file)).isInstanceOf(MxForgeException.class);
        }
    }

    @Test
    void oneRangeCannotBeAliasedManyTimes() {
        String header = IntStream.range(0, 20_000)
                .mapToObj(i -> tensor("t" + i, "U8", "[1024]", 0, 1024))
                .collect(Collectors.joining(",", "{", "}"));
        Path file = RawFile.write(folder.resolve("x.safetensors"), header, 1024);
        assertThatThrownBy(() -> TensorStore.open(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("overlaps");
    }

    @Test
    void acceptsPaddingScalarsAndEmptyTensors() {
        String header = "{" + tensor("scalar", "F32", "[]", 0, 4) + "," + tensor("empty", "F32", "[0,7]", 4, 4) + ","
                + tensor("last", "U8", "[1]", 4, 5) + "}    ";
        TensorStore store = TensorStore.open(RawFile.write(folder.resolve("x.safetensors"), header, 5));
        assertThat(store.names()).containsExactlyInAnyOrder("scalar", "empty", "last");
        assertThat(store.f32("scalar")).containsExactly(0f);
        assertThat(store.f32("empty")).isEmpty();
        assertThat(store.bytes("last").all()).containsExactly(0);
    }

    @Test
    void moreTensorsThanAnyModelHas() throws IOException {
        String many = IntStream.rangeClosed(0, 250_000)
                .mapToObj(i -> tensor("t" + i, "U8", "[0]", 0, 0))
                .collect(Collectors.joining(",", "{", "}"));
        Path file = RawFile.write(folder.resolve("many.safetensors"), many, 0);
        assertThatThrownBy(() -> TensorStore.open(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("more than 250000 tensors");
    }

    @Test
    void aFileThatShrinksWhileItIsInUse() throws IOException {
        Path file = RawFile.write(
                folder.resolve("w.safetensors"), "{" + tensor("w", "U8", "[100000]", 0, 100_000) + "}", 100_000);
        TensorStore store = TensorStore.open(file);
        assertThat(store.bytes("w").all()).hasSize(100_000);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(5000);
        }
        assertThatThrownBy(() -> store.bytes("w").all())
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(file + " became shorter");
    }
}
