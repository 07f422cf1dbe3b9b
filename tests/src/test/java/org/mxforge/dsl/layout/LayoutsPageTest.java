package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.export.KernelSet;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.CachedVector;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What the page about layouts says is what kernels are checked with: each of its formulas, examples and bounds. */
class LayoutsPageTest {
    private static final Path PAGE = Path.of("../.github/LAYOUTS.md");
    private static final List<Integer> ROWS = List.of(1, 7, 128, 130, 300);
    private static final List<Integer> CHANNELS = List.of(32, 96, 128, 160, 448);

    private static Map<String, PageFormulas> page;

    /** A matrix, and an element of it. */
    private record Place(int rows, int channels, int row, int channel) {
        long value(PageFormulas formulas, String name) {
            return value(formulas, name, 0, 0);
        }

        long value(PageFormulas formulas, String name, int bits, int word) {
            return formulas.value(name, "R", rows, "K", channels, "r", row, "k", channel, "bits", bits, "w", word);
        }
    }

    @BeforeAll
    static void read() throws IOException {
        page = PageFormulas.of(PAGE);
    }

    private static Stream<Place> places() {
        Random random = new Random(1);
        return ROWS.stream().flatMap(rows -> CHANNELS.stream().flatMap(channels -> Stream.generate(
                        () -> new Place(rows, channels, random.nextInt(rows), random.nextInt(channels)))
                .limit(40)));
    }

    static Stream<PageFormulas> blocks() throws IOException {
        return PageFormulas.of(PAGE).values().stream();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void examplesFollow(PageFormulas block) {
        assertThat(block.examples()).isNotEmpty();
        for (PageFormulas.Example example : block.examples()) {
            assertThat(block.values(example.given())).containsAllEntriesOf(example.following());
        }
    }

    @Test
    void theFolderOfExportedKernelsHasThePage() throws IOException {
        assertThat(new KernelSet(List.of()).files("0").get("LAYOUTS.md")).isEqualTo(Files.readString(PAGE));
    }

    @Test
    void codesArePacked() {
        PageFormulas packed = page.get("packed");
        for (ElementFormat format : List.of(ElementFormat.E2M1, ElementFormat.E2M3, ElementFormat.E4M3)) {
            int mask = format.codes() - 1;
            byte[] codes = new byte[3 * 64];
            new Random(1).nextBytes(codes);
            for (int i = 0; i < codes.length; i++) {
                codes[i] &= (byte) mask;
            }
            byte[] bytes = new byte[(int) packed.value("size", "R", 3, "K", 64, "bits", format.bits())];
            assertThat((long) bytes.length).isEqualTo(OperandLayout.ROWS.elementBytes(format, 3, 64));
            CodePacking.pack(format, codes, 0, codes.length, bytes, 0);
            for (int i = 0; i < codes.length; i++) {
                Place place = new Place(3, 64, i / 64, i % 64);
                int at = (int) place.value(packed, "byte", format.bits(), 0);
                int next = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
                int word = bytes[at] & 0xff | next << 8;
                assertThat(word >> place.value(packed, "shift", format.bits(), 0) & mask)
                        .isEqualTo(codes[i] & 0xff);
            }
        }
    }

    @Test
    void scalesLie() {
        places().forEach(place -> {
            for (OperandLayout layout : List.of(OperandLayout.ROWS, OperandLayout.TILED)) {
                PageFormulas formulas = page.get(layout.name().toLowerCase(Locale.ROOT));
                int groups = place.channels / 32;
                assertThat(place.value(formulas, "scale"))
                        .isEqualTo(layout.scaleOffset(place.row, place.channel / 32, groups));
                assertThat(place.value(formulas, "scale_size")).isEqualTo(layout.scaleBytes(place.rows, groups));
            }
        });
    }

    @Test
    void containersLie() {
        PageFormulas formulas = page.get("containers");
        places().forEach(place -> {
            assertThat(place.value(formulas, "byte"))
                    .isEqualTo(ContainerTile.offset(place.row, place.channel, place.channels));
            assertThat(place.value(formulas, "size")).isEqualTo(ContainerTile.bytes(place.rows, place.channels));
            assertThat(place.value(formulas, "factor"))
                    .isEqualTo(OperandLayout.CONTAINERS.scaleOffset(place.row, 0, 1));
            assertThat(place.value(formulas, "factor_size"))
                    .isEqualTo(OperandLayout.CONTAINERS.scaleBytes(place.rows, 1));
        });
    }

    @Test
    void containersHaveRoom() throws IOException {
        String text = Files.readString(PAGE);
        for (ElementFormat format : ElementFormat.values()) {
            FoldedFormat folded = FoldedFormat.of(format);
            assertThat(text)
                    .contains("| " + format.text() + " | " + folded.container().text() + " | " + folded.lowest() + " | "
                            + folded.highest() + " |");
        }
    }

    @Test
    void fragmentsLie() throws IOException {
        PageFormulas formulas = page.get("fragments");
        for (ElementFormat format : List.of(ElementFormat.E2M1, ElementFormat.E3M2)) {
            FragmentTile tile = new FragmentTile(format);
            int bits = format.bits();
            places().forEach(place -> {
                int group = place.channel / 32;
                long block = tile.block(place.row, group, place.channels);
                for (int word = 0; word < bits; word++) {
                    assertThat(place.value(formulas, "word", bits, word))
                            .isEqualTo(block + tile.word(place.row, group, word));
                }
                assertThat(place.value(formulas, "step", bits, 0)).isEqualTo(block + tile.stepOffset(place.row, group));
                assertThat(place.value(formulas, "size", bits, 0)).isEqualTo(tile.bytes(place.rows, place.channels));
            });
        }
        FragmentTile four = new FragmentTile(ElementFormat.E2M1);
        FragmentTile six = new FragmentTile(ElementFormat.E3M2);
        assertThat(Files.readString(PAGE).replaceAll("\\s+", " "))
                .contains("from " + four.lowestShift() + " to " + four.highestShift() + " for `e2m1` and from "
                        + six.lowestShift() + " to " + six.highestShift() + " for `e3m2`")
                .contains("plus " + four.step(0) + " for `e2m1` and plus " + six.step(0) + " for `e3m2`");
    }

    @Test
    void mixedOperandsLie() throws IOException {
        places().forEach(place -> {
            assertThat(place.value(page.get("mixed"), "byte"))
                    .isEqualTo(ContainerTile.offset(place.row, 2 * place.channel, 2 * place.channels));
            assertThat(place.value(page.get("mixed"), "size"))
                    .isEqualTo(OperandLayout.MIXED.elementBytes(ElementFormat.E4M3, place.rows, place.channels));
            FragmentTile tile = new FragmentTile(ElementFormat.E4M3);
            int group = place.channel / 32;
            long block = tile.block(place.row, group, place.channels);
            assertThat(place.value(page.get("mixed_fragments"), "byte"))
                    .isEqualTo(block + tile.word(place.row, group, place.channel % 32 / 4) + place.channel % 4);
            assertThat(place.value(page.get("mixed_fragments"), "step"))
                    .isEqualTo(block + tile.stepOffset(place.row, group) + place.channel % 32 / 16 * 2);
            assertThat(place.value(page.get("mixed_fragments"), "size"))
                    .isEqualTo(tile.bytes(place.rows, place.channels));
        });
        FragmentTile e4m3 = new FragmentTile(ElementFormat.E4M3);
        FragmentTile e5m2 = new FragmentTile(ElementFormat.E5M2);
        assertThat(Files.readString(PAGE).replaceAll("\\s+", " "))
                .contains("from " + e4m3.lowestShift() + " to " + e4m3.highestShift() + " for `e4m3` and from "
                        + e5m2.lowestShift() + " to " + e5m2.highestShift() + " for `e5m2`")
                .contains("plus " + e4m3.step(0) + " for `e4m3` and plus " + e5m2.step(0) + " for `e5m2`");
    }

    /** Every bit of every code, and the step, of groups that were folded. */
    @Test
    void codesLieInTheWordsOfFragments() {
        for (ElementFormat format : List.of(ElementFormat.E2M1, ElementFormat.E3M2)) {
            int rows = 16;
            int channels = 128;
            byte[] codes = new byte[rows * channels];
            Random random = new Random(1);
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) (i % 32 == 0 ? format.maxCode() : random.nextInt(format.codes()));
            }
            byte[] packed = new byte[codes.length * format.bits() / 8];
            CodePacking.pack(format, codes, 0, codes.length, packed, 0);
            byte[] scales = new byte[rows * channels / 32];
            for (int i = 0; i < scales.length; i++) {
                scales[i] = (byte) (120 + random.nextInt(8));
            }
            FoldedMatrix folded = FoldedMatrix.fold(
                    new PackedMatrix(rows, List.of(new PackedPartition(format, rows, channels, packed, scales))),
                    OperandLayout.FRAGMENTS,
                    Side.WEIGHT);
            assertThat(folded.isExact()).isTrue();
            ByteBuffer tile =
                    ByteBuffer.wrap(folded.partitions().get(0).tiles()).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < codes.length; at++) {
                Place place = new Place(rows, channels, at / channels, at % channels);
                assertThat(code(tile, place, format)).isEqualTo(codes[at] & 0xff);
                int shift = (scales[at / 32] & 0xff) - 127 - Math.getExponent(folded.factors()[place.row]);
                assertThat(tile.get((int) place.value(page.get("fragments"), "step", format.bits(), 0)) & 0xff)
                        .isEqualTo(shift + (format == ElementFormat.E2M1 ? 14 : 12));
            }
        }
    }

    /** A code, put together from the bits that the page says are its. */
    private static int code(ByteBuffer tile, Place place, ElementFormat format) {
        PageFormulas words = page.get(format.text() + " in words");
        int i = place.channel % 32;
        int code = 0;
        for (int b = 0; b < format.bits(); b++) {
            long bit;
            if (format == ElementFormat.E2M1) {
                bit = b == 3 ? words.value("sign", "i", i) : words.value("magnitude", "i", i) + b;
            } else {
                bit = words.value("bit", "i", i, "b", b);
            }
            int word = (int) words.value("word", "i", i, "b", b);
            int at = (int) place.value(page.get("fragments"), "word", format.bits(), word);
            code |= (tile.getInt(at) >>> bit & 1) << b;
        }
        return code;
    }

    @Test
    void bf16Lies() {
        PageFormulas formulas = page.get("bf16");
        places().forEach(place -> {
            assertThat(place.value(formulas, "byte"))
                    .isEqualTo(Bf16Tile.offset(place.row, place.channel, place.channels));
            assertThat(place.value(formulas, "size")).isEqualTo(Bf16Tile.bytes(place.rows, place.channels));
        });
    }

    @Test
    void int8Lies() {
        PageFormulas formulas = page.get("int8");
        places().forEach(place -> {
            assertThat(place.value(formulas, "byte"))
                    .isEqualTo(Int8Tile.offset(place.row, place.channel, place.channels));
            assertThat(place.value(formulas, "size")).isEqualTo(Int8Tile.bytes(place.rows, place.channels));
        });
    }

    @Test
    void thePagesOfTheCacheLie() {
        PageFormulas formulas = page.get("cache");
        Random random = new Random(1);
        for (int head : List.of(64, 96, 128)) {
            for (int i = 0; i < 100; i++) {
                int number = random.nextInt(5);
                int kvHead = random.nextInt(3);
                int row = random.nextInt(CachePages.POSITIONS);
                int channel = random.nextInt(head);
                assertThat(formulas.value(
                                "byte", "H", 3, "C", head, "page", number, "h", kvHead, "row", row, "c", channel))
                        .isEqualTo(2 * CachePages.offset(3, head, number, kvHead, row, channel));
            }
            assertThat(formulas.value("page_size", "H", 3, "C", head))
                    .isEqualTo(CachePages.bytes(CacheFormat.BF16, 1, 3, head));
        }
    }

    @Test
    void thePagesOfAQuantizedCacheLie() {
        PageFormulas formulas = page.get("quantized-cache");
        Random random = new Random(1);
        for (CacheFormat format : List.of(CacheFormat.MXFP8, CacheFormat.MXFP4, CacheFormat.INT8, CacheFormat.INT4)) {
            int head = 96;
            float[] vector = new float[head];
            for (int i = 0; i < head; i++) {
                vector[i] = (float) random.nextGaussian();
            }
            CachedVector kept = CachedVector.of(format, vector);
            int of = format.scaleBytes(head);
            byte[] pages = new byte[(int) CachePages.bytes(format, 4, 3, head)];
            kept.store(pages, (2 * 3 + 1) * CachePages.POSITIONS + 9);
            for (int c = 0; c < head; c++) {
                Object[] given = {"H", 3, "C", head, "S", of, "bits", format.bits(), "page", 2, "h", 1, "row", 9, "c", c
                };
                int packed = pages[(int) formulas.value("byte", given)] & 0xff;
                int code = packed >>> formulas.value("shift", given) & format.lastCode();
                assertThat(code).isEqualTo(kept.code(format, c));
                int scale = (int) formulas.value("scale", given);
                assertThat(Arrays.copyOfRange(pages, scale, scale + of)).isEqualTo(kept.scales());
                assertThat(4 * formulas.value("page_size", given)).isEqualTo(pages.length);
            }
        }
    }
}
