package org.mxforge.runtime.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.oracle.TestOracle;
import org.mxforge.runtime.quant.InputQuantization;

/** Quantizing to folded containers is quantizing and then folding, but for groups that lie too low. */
class FoldedQuantizerTest {
    private static final ChannelSplit WITH_ROOM = ChannelSplit.parse("e2m1xe2m1:160+e3m2xe3m2:96+e2m3xe2m3:64/32");
    private static final ChannelSplit MICROMIX = ChannelSplit.parse("e2m1xe2m1:160+e3m2xe3m2:96+e4m3xe4m3:64/32");

    @Property(tries = 60)
    void scalesThatAreNearFoldExactly(
            @ForAll ScaleRule rule, @ForAll @IntRange(min = 1, max = 130) int rows, @ForAll long seed) {
        float[] values = values(rows, 320, 3, seed);
        FoldedMatrix folded = quantizer(WITH_ROOM, rule, false).quantize(values, rows);
        assertThat(folded.isExact()).isTrue();
        assertThat(FoldedValues.of(folded, OperandLayout.CONTAINERS, Side.ACTIVATION))
                .isEqualTo(packed(WITH_ROOM, rule, values, rows));
    }

    @Property(tries = 60)
    void whatHasNoRoomIsKeptInBf16(
            @ForAll ScaleRule rule, @ForAll @IntRange(min = 1, max = 130) int rows, @ForAll long seed) {
        float[] values = values(rows, 320, 3, seed);
        FoldedMatrix folded = quantizer(MICROMIX, rule, false).quantize(values, rows);
        assertThat(folded.isExact()).isTrue();
        assertThat(FoldedValues.of(folded, OperandLayout.MIXED, Side.ACTIVATION))
                .isEqualTo(packed(MICROMIX, rule, values, rows));
    }

    @Property(tries = 60)
    void lossyFoldingStaysWithinItsBound(@ForAll @IntRange(min = 0, max = 60) int spread, @ForAll long seed) {
        float[] values = values(9, 320, spread, seed);
        double[] folded = FoldedValues.of(
                quantizer(MICROMIX, ScaleRule.CEIL, true).quantize(values, 9),
                OperandLayout.CONTAINERS,
                Side.ACTIVATION);
        float[] factors =
                quantizer(MICROMIX, ScaleRule.CEIL, true).quantize(values, 9).factors();
        double[] packed = packed(MICROMIX, ScaleRule.CEIL, values, 9);
        for (int i = 0; i < folded.length; i++) {
            // Half the smallest step of E4M3, the coarser container near zero.
            double least = 0x1p-10 * factors[i / 320];
            assertThat(Math.abs(folded[i] - packed[i]))
                    .isLessThanOrEqualTo(Math.max(least, 0x1p-4 * Math.abs(packed[i])));
        }
    }

    @Property(tries = 60)
    void groupsThatLieTooLowTakeALargerScaleAndAreRoundedOnce(
            @ForAll @IntRange(min = 0, max = 60) int spread, @ForAll long seed) {
        float[] values = values(5, 320, spread, seed);
        FoldedMatrix folded = quantizer(WITH_ROOM, ScaleRule.CEIL, false).quantize(values, 5);
        assertThat(folded.isExact()).isTrue();
        double[] read = FoldedValues.of(folded, OperandLayout.CONTAINERS, Side.ACTIVATION);
        double[] packed = packed(WITH_ROOM, ScaleRule.CEIL, values, 5);
        for (int i = 0; i < read.length; i++) {
            if (read[i] != packed[i]) {
                // Half a step of E2M3 at its least shift, or of the others at theirs, which is less.
                double half = 0x1p-4 * 0x1p-6 * folded.factors()[i / 320];
                double value = values[i];
                assertThat(Math.abs(read[i] - value)).isLessThanOrEqualTo(Math.max(half, 0x1p-2 * Math.abs(value)));
            }
        }
    }

    @Example
    void rowsOfZerosAndFaultsHaveTheirFactors() {
        float[] values = new float[3 * 320];
        values[320 + 5] = Float.POSITIVE_INFINITY;
        values[320 + 100] = 1e30f;
        values[2 * 320 + 1] = 6;
        FoldedMatrix folded = quantizer(MICROMIX, ScaleRule.CEIL, true).quantize(values, 3);
        assertThat(folded.factors()[0]).isEqualTo(1f);
        assertThat(folded.factors()[1]).isNaN();
        assertThat(folded.factors()[2]).isEqualTo(0x1p-13f);
    }

    @Example
    void theLeastNumbersHaveSubnormalFactors() {
        float[] values = new float[320];
        values[0] = 3 * 0x1p-128f;
        FoldedMatrix folded = quantizer(MICROMIX, ScaleRule.CEIL, true).quantize(values, 1);
        assertThat(folded.factors()[0]).isEqualTo(0x1p-140f);
        assertThat(FoldedValues.of(folded, OperandLayout.CONTAINERS, Side.ACTIVATION)[0])
                .isEqualTo(3 * 0x1p-128);
    }

    private static FoldedQuantizer quantizer(ChannelSplit split, ScaleRule rule, boolean rounds) {
        int[] order = IntStream.range(0, split.channels()).toArray();
        return new FoldedQuantizer(new InputQuantization(split, order, rule), rounds);
    }

    private static double[] packed(ChannelSplit split, ScaleRule rule, float[] values, int rows) {
        return TestOracle.values(
                ReferenceQuantizer.inOrder(split, Side.ACTIVATION, rule).quantize(values, rows));
    }

    /** Normal numbers, groups up to {@code spread} binades apart; no group's largest is far from its size. */
    private static float[] values(int rows, int channels, int spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * channels];
        int size = 0;
        for (int i = 0; i < values.length; i++) {
            size = i % 32 == 0 ? random.nextInt(spread + 1) : size;
            double sign = random.nextBoolean() ? 1 : -1;
            values[i] = (float) Math.scalb(i % 32 == 7 ? sign : sign * random.nextDouble(), -size);
        }
        return values;
    }
}
