package org.mxforge.runtime.checkpoint.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;

/** Files that torch 2.11 wrote are read; what is damaged, or would run a program, is named, and nothing of it runs. */
class TorchFileTest {
    /** A dictionary with one tensor of three numbers, 'a': [7, 8, 9], as torch writes it, up to its storage's type. */
    private static final String TENSOR =
            "}(X1---actorch._utils\n_rebuild_tensor_v2\n((X7---storagectorch\nLongStorage\n"
                    + "X1---0X3---cpuK3tQK0K3\u0085K1\u0085\u0089ccollections\nOrderedDict\n)RtRu.";

    @TempDir
    Path work;

    private static Path torch(String name) throws URISyntaxException {
        return Path.of(TorchFileTest.class
                .getResource("/foreign/micromix/tiny_" + name + "_wikitext2.pt")
                .toURI());
    }

    /** A pickle in text: characters are bytes, and a length of four bytes is written as one digit and three hyphens. */
    private static byte[] pickle(String text) {
        StringBuilder bytes = new StringBuilder("\u0080\u0002");
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("---", i + 1) && Character.isDigit(text.charAt(i))) {
                bytes.append((char) (text.charAt(i) - '0')).append("\0\0\0");
                i += 3;
            } else if (text.charAt(i) == 'K') {
                bytes.append('K').append((char) (text.charAt(++i) - '0'));
            } else {
                bytes.append(text.charAt(i));
            }
        }
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] longs(int... values) {
        byte[] bytes = new byte[values.length * Long.BYTES];
        for (int i = 0; i < values.length; i++) {
            bytes[i * Long.BYTES] = (byte) values[i];
        }
        return bytes;
    }

    private Path archive(byte[] pickle, Map<String, byte[]> others) throws IOException {
        return TorchArchive.write(Files.createTempFile(work, "a", ".pt"), pickle, others);
    }

    private void refused(String message, String pickle, Map<String, byte[]> others) throws IOException {
        Path file = archive(pickle(pickle), others);
        assertThatThrownBy(() -> TorchFile.wholeNumbers(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void whatTorchWroteIsRead() throws URISyntaxException {
        Map<String, int[]> orders = TorchFile.wholeNumbers(torch("reorder_index"));
        assertThat(orders).hasSize(7);
        assertThat(orders.get("layers.0.self_attn.q_proj.input")).hasSize(128).startsWith(112, 8, 22, 101, 32, 42);
        assertThat(orders.get("layers.0.mlp.down_proj.input")).hasSize(256).startsWith(47, 139, 84, 27, 150, 245);
        assertThat(orders.values())
                .allSatisfy(order ->
                        assertThat(Arrays.stream(order).distinct().count()).isEqualTo(order.length));
        assertThat(TorchFile.wholeNumbers(torch("p6_num")).get("layers.0.mlp.down_proj.input"))
                .containsExactly(64);
        assertThat(TorchFile.wholeNumbers(torch("p8_num")).values()).allMatch(count -> count[0] == 32);
    }

    @Test
    void tensorsAreViewsOfTheirStorages() throws IOException {
        Map<String, byte[]> numbers = Map.of("data/0", longs(7, 8, 9));
        assertThat(TorchFile.wholeNumbers(archive(pickle(TENSOR), numbers)).get("a"))
                .containsExactly(7, 8, 9);
        String every = TENSOR.replace("QK0K3\u0085K1", "QK0K2\u0085K2");
        assertThat(TorchFile.wholeNumbers(archive(pickle(every), numbers)).get("a"))
                .containsExactly(7, 9);
        String one = TENSOR.replace("QK0K3\u0085K1\u0085", "QK1))");
        assertThat(TorchFile.wholeNumbers(archive(pickle(one), numbers)).get("a"))
                .containsExactly(8);
        byte[] ints = {7, 0, 0, 0, 8, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        assertThat(TorchFile.wholeNumbers(archive(pickle(TENSOR.replace("Long", "Int")), Map.of("data/0", ints)))
                        .get("a"))
                .containsExactly(7, 8, -1);
    }

    /** What would run if it were loaded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cposix~system~(X5---touchtR. | asks for posix.system",
                "cbuiltins~eval~(X5---1 + 1tR. | asks for builtins.eval",
                "}(X1---actorch._utils~_rebuild_tensor_v2~(ctorch.hub~load~tRu. | asks for torch.hub.load",
                "ctorch._utils~_rebuild_tensor~(tR. | asks for torch._utils._rebuild_tensor,",
                "(ios~system~. | instruction 0x69",
                "}(X1---aX1---bub. | instruction 0x62",
                "X2---osX6---system\u0093. | instruction 0x93",
                "Pos.system~. | instruction 0x50"
            })
    void programsAreNamedAndNotRun(String pickle, String message) throws IOException {
        refused(message, pickle.replace('~', '\n'), Map.of());
        refused("nothing of it was run", pickle.replace('~', '\n'), Map.of());
    }

    @Test
    void placesBeyondTheFileAreNamed() throws IOException {
        Map<String, byte[]> numbers = Map.of("data/0", longs(7, 8, 9));
        String missing = "the numbers of its 'a' are not all there";
        refused(missing, TENSOR, Map.of());
        refused(missing, TENSOR.replace("QK0K3\u0085", "QK1K3\u0085"), numbers);
        refused(missing, TENSOR.replace("QK0K3\u0085", "QK0K4\u0085"), numbers);
        refused(missing, TENSOR.replace("QK0K3\u0085K1", "QK0K3\u0085K2"), numbers);
        refused(missing, TENSOR.replace("QK0K3\u0085K1", "QK0K3\u0085K0"), numbers);
        refused("of 24 bytes is not as torch writes it", TENSOR.replace("cpuK3", "cpuK4"), numbers);
        refused("of 2 dimensions", TENSOR.replace("QK0K3\u0085", "QK0K1K3\u0086"), numbers);
        refused("no whole number", "}(X1---aX1---bu.", numbers);
        refused("no dictionary", "K1.", numbers);
        refused("is damaged", "u.", numbers);
        refused("is damaged", "h1.", numbers);
        refused("ends in the middle", "}(X9---a", numbers);
        refused("ends in the middle", "}", numbers);
        refused("a number of 9 bytes", "\u008a\u0009", numbers);
        byte[] wide = longs(7, 8, 9);
        wide[7] = 1;
        refused("beyond 32 bits", TENSOR, Map.of("data/0", wide));
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        Path text = Files.writeString(work.resolve("text.pt"), "text");
        assertThatThrownBy(() -> TorchFile.wholeNumbers(text)).hasMessageContaining("no whole zip archive");
        assertThatThrownBy(() -> TorchFile.wholeNumbers(work.resolve("none.pt")))
                .hasMessageContaining("there is no");
        Path old = Files.write(work.resolve("old.pt"), pickle("\u008a\n"));
        assertThatThrownBy(() -> TorchFile.wholeNumbers(old)).hasMessageContaining("since 1.6");
    }

    /** Cut anywhere, or with a byte changed anywhere: read as it was, or refused in a sentence. */
    @Test
    void damagedFilesAreRefused() throws Exception {
        byte[] whole = Files.readAllBytes(torch("reorder_index"));
        Path file = work.resolve("damaged.pt");
        for (int at = 0; at < whole.length; at += 37) {
            Files.write(file, Arrays.copyOf(whole, at));
            assertThatThrownBy(() -> TorchFile.wholeNumbers(file)).isInstanceOf(MxForgeException.class);
            byte[] changed = whole.clone();
            changed[at] ^= 0x55;
            Files.write(file, changed);
            try {
                assertThat(TorchFile.wholeNumbers(file)).hasSize(7);
            } catch (MxForgeException e) {
                assertThat(e.getMessage()).contains("damaged.pt");
            }
        }
    }

    /** The sums of the archive would catch it; here they are right. */
    @Test
    void damagedPicklesAreRefused() throws IOException {
        byte[] whole = pickle(TENSOR);
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << bit);
                Path file = archive(changed, Map.of("data/0", longs(7, 8, 9)));
                try {
                    TorchFile.wholeNumbers(file);
                } catch (MxForgeException e) {
                    assertThat(e.getMessage()).contains(file.toString());
                }
                Files.delete(file);
            }
        }
    }
}
