package org.mxforge.runtime.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.oracle.TestOracle;
import org.mxforge.runtime.quant.PackedMatrix;

/** Folded operands stand for the values they were folded from, read as the kernels read them. */
class RowFoldTest {
    private static final String[] SPLITS = {
        "e2m1xe2m1:96",
        "e3m2xe3m2:160",
        "e2m3xe2m3:64",
        "e2m1xe2m1:128+e3m2xe3m2:64+e2m3xe2m3:32",
        "e2m1xe2m1:64+e4m3xe4m3:96+e5m2xe5m2:160"
    };

    @Property(tries = 60)
    void narrowScalesFoldExactly(
            @ForAll @IntRange(min = 0, max = 4) int split,
            @ForAll OperandLayout layout,
            @ForAll Side side,
            @ForAll @IntRange(min = 1, max = 140) int rows,
            @ForAll long seed) {
        Assume.that(layout.isFolded() && (split < 4 || layout.widens(ElementFormat.E4M3)));
        PackedMatrix matrix = FoldedCases.random(SPLITS[split], side, rows, 4, seed);
        FoldedMatrix folded = RowFold.fold(matrix, layout, side);
        assertThat(folded.roundedGroups()).isZero();
        double[] values = FoldedValues.of(folded, layout, side);
        assertThat(values).isEqualTo(TestOracle.values(matrix));
    }

    @Example
    void onlyGroupsOfOcpMxFold() {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:64/64/g16");
        PackedMatrix matrix = PackedMatrix.zeros(split, Side.WEIGHT, 1);
        assertThatThrownBy(() -> RowFold.fold(matrix, OperandLayout.FRAGMENTS, Side.WEIGHT))
                .hasMessageContaining("groups g16 cannot be folded: only groups of 32 with e8m0 scales can");
    }

    @Property(tries = 40)
    void widerScalesAreRoundedAndSaidToBe(@ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
        PackedMatrix matrix = FoldedCases.random("e4m3xe4m3:128", Side.WEIGHT, rows, 12, seed);
        FoldedMatrix folded = RowFold.fold(matrix, OperandLayout.CONTAINERS, Side.WEIGHT);
        double[] values = FoldedValues.of(folded, OperandLayout.CONTAINERS, Side.WEIGHT);
        double[] expected = TestOracle.values(matrix);
        boolean same = true;
        for (int i = 0; i < values.length; i++) {
            double step = 0x1p-10 * folded.factors()[i / 128];
            assertThat(Math.abs(values[i] - expected[i]))
                    .isLessThanOrEqualTo(Math.max(step, 0x1p-4 * Math.abs(expected[i])));
            same &= values[i] == expected[i];
        }
        assertThat(folded.isExact()).isEqualTo(same);
    }

    @Example
    void everyCodeAtEveryShiftDecodesFromFragments() {
        SplittableRandom random = new SplittableRandom(1);
        for (ElementFormat format : ElementFormat.values()) {
            if (FragmentTile.holds(format)) {
                FragmentTile tile = new FragmentTile(format);
                int shifts = tile.highestShift() - tile.lowestShift();
                PackedMatrix matrix = FoldedCases.allCodes(format, shifts, random);
                FoldedMatrix folded = RowFold.fold(matrix, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT);
                assertThat(folded.isExact()).isTrue();
                assertThat(FoldedValues.of(folded, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT))
                        .isEqualTo(TestOracle.values(matrix));
            }
        }
    }

    @Example
    void aNanScaleMakesTheFactorNan() {
        PackedMatrix matrix = FoldedCases.random("e2m1xe2m1:64", Side.WEIGHT, 3, 4, 1);
        matrix.partitions().get(0).scales()[3] = (byte) 0xff;
        FoldedMatrix folded = RowFold.fold(matrix, OperandLayout.CONTAINERS, Side.WEIGHT);
        assertThat(folded.isExact()).isTrue();
        assertThat(folded.factors()[1]).isNaN();
        assertThat(folded.factors()[0]).isFinite();
        assertThat(folded.factors()[2]).isFinite();
    }

    @Example
    void refusesWhatCannotBe() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 32);
        PackedMatrix matrix = FoldedCases.random("e2m1xe2m1:32", Side.WEIGHT, 1, 0, split.channels());
        assertThatThrownBy(() -> RowFold.fold(matrix, OperandLayout.ROWS, Side.WEIGHT))
                .hasMessageContaining("ROWS folds nothing");
        assertThatThrownBy(() -> new FragmentTile(ElementFormat.E2M3)).hasMessageContaining("e2m3 have no fragments");
        PackedMatrix infinite = FoldedCases.random("e4m3xe4m3:32", Side.WEIGHT, 1, 0, 1);
        infinite.partitions().get(0).codes()[5] = 0x7f;
        assertThat(RowFold.fold(infinite, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT)
                        .isExact())
                .isFalse();
    }

    /** Channels sorted by size, the largest 2^8 times the smallest, as a calibrated layer has them; groups of a row differ too. */
    @Property(tries = 10)
    void lossyFoldingChangesAProductByLessThanAThousandth(@ForAll long seed) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e4m3xe4m3"), 1024);
        double[][] exact = new double[2][];
        double[][] folded = new double[2][];
        for (Side side : Side.values()) {
            SplittableRandom random = new SplittableRandom(seed + side.ordinal());
            float[] values = new float[24 * split.channels()];
            for (int i = 0; i < values.length; i++) {
                double size = side == Side.ACTIVATION ? Math.pow(2, 8.0 * (i % 1024) / 1024) : 1;
                values[i] = (float) (random.nextGaussian() * size);
            }
            PackedMatrix matrix =
                    ReferenceQuantizer.inOrder(split, side, ScaleRule.CEIL).quantize(values, 24);
            FoldedMatrix rounded = RowFold.fold(matrix, OperandLayout.CONTAINERS, side);
            exact[side.ordinal()] = TestOracle.values(matrix);
            folded[side.ordinal()] = FoldedValues.of(rounded, OperandLayout.CONTAINERS, side);
        }
        double error = 0;
        double norm = 0;
        for (int m = 0; m < 24; m++) {
            for (int n = 0; n < 24; n++) {
                double want = 0;
                double got = 0;
                for (int k = 0; k < 1024; k++) {
                    want += exact[0][m * 1024 + k] * exact[1][n * 1024 + k];
                    got += folded[0][m * 1024 + k] * folded[1][n * 1024 + k];
                }
                error += (got - want) * (got - want);
                norm += want * want;
            }
        }
        assertThat(Math.sqrt(error / norm)).isPositive().isLessThan(1e-3);
    }
}
