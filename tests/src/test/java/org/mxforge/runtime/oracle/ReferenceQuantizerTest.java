package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** The host quantizer: known bytes, the nearest value, the gather, and how it treats powers of two and what is not finite. */
class ReferenceQuantizerTest {
    private static final ChannelSplit MIXED = ChannelSplit.parse("e2m1xe2m1:64+e3m2xe2m1:32+e4m3xe2m3:96/32");

    private static PackedMatrix quantize(ElementFormat format, ScaleRule rule, float... row) {
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), row.length);
        return ReferenceQuantizer.inOrder(split, Side.WEIGHT, rule).quantize(row, 1);
    }

    private static String codes(ElementFormat format, float... firstValues) {
        PackedPartition packed = quantize(format, ScaleRule.CEIL, Arrays.copyOf(firstValues, 32))
                .partitions()
                .get(0);
        assertThat(packed.scales()).containsExactly(127);
        return HexFormat.of().formatHex(packed.codes()).replaceAll("(00)+$", "");
    }

    private static float[] gaussian(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
        }
        return values;
    }

    @Example
    void valuesOfTheFormatBecomeTheirCodes() {
        assertThat(codes(ElementFormat.E2M1, 0, 0.5f, 1, 1.5f, 2, 3, 4, 6)).isEqualTo("10325476");
        assertThat(codes(ElementFormat.E2M1, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6))
                .isEqualTo("98badcfe");
        assertThat(codes(ElementFormat.E2M3, 0, 0.125f, 7.5f, -7.5f)).isEqualTo("40f0fd");
        assertThat(codes(ElementFormat.E3M2, 28, 0.0625f, 0, -28)).isEqualTo("5f00fc");
        assertThat(codes(ElementFormat.E4M3, 448, -448, 1, 0x1p-9f)).isEqualTo("7efe3801");
        assertThat(codes(ElementFormat.E5M2, 57344, -57344, 1, 0x1p-16f)).isEqualTo("7bfb3c01");
    }

    @Example
    void aGroupOfZerosHasScaleOneHalfAndKeepsItsSigns() {
        float[] row = new float[32];
        row[3] = -0f;
        PackedPartition packed =
                quantize(ElementFormat.E4M3, ScaleRule.CEIL, row).partitions().get(0);
        assertThat(packed.scales()).containsExactly(126);
        assertThat(packed.codes()[3]).isEqualTo((byte) 0x80);
        assertThat(packed.codes()[2]).isZero();
    }

    @Property(tries = 150)
    void everyValueBecomesTheNearestOneUnderItsScale(@ForAll ElementFormat format, @ForAll long seed) {
        float[] row = gaussian(seed, 64);
        PackedMatrix packed = quantize(format, ScaleRule.CEIL, row);
        double[] values = Dequantizer.row(packed, 0);
        for (int i = 0; i < row.length; i++) {
            double scale = Math.pow(2, (packed.partitions().get(0).scales()[i / 32] & 0xff) - 127);
            double error = Math.abs(values[i] - row[i]);
            for (int code = 0; code < format.codes(); code++) {
                double other = format.decode(code) * scale;
                assertThat(Math.abs(other - row[i]) < error).isFalse();
            }
        }
    }

    @Property(tries = 200)
    void quantizingWhatWasQuantizedChangesNothing(@ForAll ElementFormat format, @ForAll long seed) {
        double[] once = Dequantizer.row(quantize(format, ScaleRule.CEIL, gaussian(seed, 32)), 0);
        float[] exact = new float[once.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = (float) once[i];
        }
        assertThat(Dequantizer.row(quantize(format, ScaleRule.CEIL, exact), 0)).isEqualTo(once);
    }

    @Property(tries = 200)
    void aPowerOfTwoMovesTheScaleAndNothingElse(
            @ForAll ElementFormat format,
            @ForAll ScaleRule rule,
            @ForAll long seed,
            @ForAll @IntRange(min = -60, max = 60) int shift) {
        float[] row = gaussian(seed, 32);
        float[] shifted = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            shifted[i] = Math.scalb(row[i], shift);
        }
        PackedPartition plain = quantize(format, rule, row).partitions().get(0);
        PackedPartition moved = quantize(format, rule, shifted).partitions().get(0);
        assertThat(moved.codes()).isEqualTo(plain.codes());
        assertThat(moved.scales()[0] & 0xff).isEqualTo((plain.scales()[0] & 0xff) + shift);
    }

    @Property(tries = 50)
    void theOrderGathersChannelsBeforeTheyAreGrouped(@ForAll long seed) {
        int channels = MIXED.channels();
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, channels).boxed().toList());
        Collections.shuffle(shuffled, new Random(seed));
        int[] order = shuffled.stream().mapToInt(Integer::intValue).toArray();
        float[] values = gaussian(seed, 3 * channels);
        float[] gathered = new float[values.length];
        for (int i = 0; i < gathered.length; i++) {
            gathered[i] = values[i / channels * channels + order[i % channels]];
        }
        InputQuantization input = new InputQuantization(MIXED, order, ScaleRule.EVEN);
        assertThat(new ReferenceQuantizer(input, Side.ACTIVATION).quantize(values, 3))
                .usingRecursiveComparison()
                .isEqualTo(ReferenceQuantizer.inOrder(MIXED, Side.ACTIVATION, ScaleRule.EVEN)
                        .quantize(gathered, 3));
    }

    @Example
    void eachPartitionIsQuantizedInTheFormatOfItsSide() {
        float[] row = gaussian(5, MIXED.channels());
        for (Side side : Side.values()) {
            PackedMatrix mixed =
                    ReferenceQuantizer.inOrder(MIXED, side, ScaleRule.CEIL).quantize(row, 1);
            int first = 0;
            for (int i = 0; i < MIXED.partitions().size(); i++) {
                ElementFormat format = side.format(MIXED.partitions().get(i).formats());
                int end = first + MIXED.partitions().get(i).channels();
                PackedPartition alone = quantize(format, ScaleRule.CEIL, Arrays.copyOfRange(row, first, end))
                        .partitions()
                        .get(0);
                assertThat(mixed.partitions().get(i)).usingRecursiveComparison().isEqualTo(alone);
                first = end;
            }
        }
    }

    @Example
    void whatIsNotFiniteMakesItsGroupNanAndNoOther() {
        for (ElementFormat format : ElementFormat.values()) {
            for (float fault : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] row = gaussian(9, 96);
                row[40] = fault;
                PackedMatrix packed = quantize(format, ScaleRule.CEIL, row);
                assertThat(packed.partitions().get(0).scales()[1]).isEqualTo((byte) 255);
                double[] values = Dequantizer.row(packed, 0);
                for (int i = 0; i < values.length; i++) {
                    assertThat(Double.isNaN(values[i])).isEqualTo(i / 32 == 1);
                }
            }
        }
    }

    @Example
    void aMatrixOfTheWrongSizeIsRefused() {
        ReferenceQuantizer quantizer = ReferenceQuantizer.inOrder(MIXED, Side.WEIGHT, ScaleRule.CEIL);
        assertThatThrownBy(() -> quantizer.quantize(new float[100], 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 rows of 192 channels are not 100 values");
    }
}
