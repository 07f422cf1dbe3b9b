package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ElementFormat;

/** The bytes of packed codes, written out by hand, and packing as a bijection that touches nothing else. */
class CodePackingTest {
    private static String packed(ElementFormat format, int... codes) {
        byte[] input = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            input[i] = (byte) codes[i];
        }
        byte[] bytes = new byte[codes.length * format.bits() / 8];
        CodePacking.pack(format, input, 0, codes.length, bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    @Example
    void fourBitCodesLieLowNibbleFirst() {
        assertThat(packed(ElementFormat.E2M1, 0x1, 0x2, 0xf, 0x8)).isEqualTo("218f");
    }

    @Example
    void fourSixBitCodesFillThreeBytesFromTheLowestBit() {
        assertThat(packed(ElementFormat.E3M2, 0x3f, 0, 0, 0)).isEqualTo("3f0000");
        assertThat(packed(ElementFormat.E3M2, 0, 0x3f, 0, 0)).isEqualTo("c00f00");
        assertThat(packed(ElementFormat.E3M2, 0, 0, 0x3f, 0)).isEqualTo("00f003");
        assertThat(packed(ElementFormat.E3M2, 0, 0, 0, 0x3f)).isEqualTo("0000fc");
        assertThat(packed(ElementFormat.E2M3, 0x21, 0x12, 0x0c, 0x35)).isEqualTo("a1c4d4");
    }

    @Example
    void eightBitCodesLieAsTheyAre() {
        assertThat(packed(ElementFormat.E4M3, 0x80, 0x7f, 0x01, 0xff)).isEqualTo("807f01ff");
        assertThat(packed(ElementFormat.E5M2, 0x7c, 0xfc, 0x00, 0x3c)).isEqualTo("7cfc003c");
    }

    @Example
    void aGroupTakesWholeBytes() {
        assertThat(ElementFormat.E2M1.bytesPerGroup()).isEqualTo(16);
        assertThat(ElementFormat.E3M2.bytesPerGroup()).isEqualTo(24);
        assertThat(ElementFormat.E2M3.bytesPerGroup()).isEqualTo(24);
        assertThat(ElementFormat.E4M3.bytesPerGroup()).isEqualTo(32);
        assertThat(ElementFormat.E5M2.bytesPerGroup()).isEqualTo(32);
        assertThat(CodePacking.bytes(ElementFormat.E3M2, 1L << 33)).isEqualTo(6L << 30);
    }

    @Property(tries = 2000)
    void unpackingUndoesPackingAndNothingElseIsWritten(
            @ForAll ElementFormat format,
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int fours,
            @ForAll @IntRange(min = 1, max = 9) int before,
            @ForAll @IntRange(min = 1, max = 9) int after) {
        Random random = new Random(seed);
        int count = 4 * fours;
        byte[] codes = new byte[before + count];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(format.codes());
        }
        int bytes = count * format.bits() / 8;
        byte[] packed = new byte[after + bytes + before];
        Arrays.fill(packed, (byte) 0xa5);
        CodePacking.pack(format, codes, before, count, packed, after);
        byte[] restored = new byte[after + count + before];
        CodePacking.unpack(format, packed, after, count, restored, after);

        assertThat(Arrays.copyOfRange(restored, after, after + count))
                .isEqualTo(Arrays.copyOfRange(codes, before, before + count));
        assertThat(Arrays.copyOf(packed, after)).containsOnly(0xa5);
        assertThat(Arrays.copyOfRange(packed, after + bytes, packed.length)).containsOnly(0xa5);
        assertThat(Arrays.copyOf(restored, after)).containsOnly(0);
        assertThat(Arrays.copyOfRange(restored, after + count, restored.length)).containsOnly(0);
    }

    /** The layout's definition: code i occupies bits {@code i * bits} and up of the stream, lowest bit first. */
    @Property(tries = 2000)
    void codeIBeginsAtBitITimesTheWidth(@ForAll ElementFormat format, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] codes = new byte[32];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) random.nextInt(format.codes());
        }
        byte[] packed = new byte[format.bytesPerGroup()];
        CodePacking.pack(format, codes, 0, codes.length, packed, 0);
        for (int i = 0; i < codes.length; i++) {
            for (int bit = 0; bit < format.bits(); bit++) {
                int position = i * format.bits() + bit;
                assertThat(packed[position / 8] >> position % 8 & 1).isEqualTo(codes[i] >> bit & 1);
            }
        }
    }
}
