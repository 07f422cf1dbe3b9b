package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;

/** The reference GEMM: against a plain product, its epilogues, faults, and the order of channels. */
class ReferenceGemmTest {
    private static final ChannelSplit SPLIT = ChannelSplit.parse("e2m1xe2m1:64+e3m2xe2m1:32+e4m3xe5m2:32/32");
    private static final int M = 3;
    private static final int N = 5;

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> narrow[i] = (float) values[i]);
        return narrow;
    }

    @Property(tries = 30)
    void packedOperandsMultiplyAsTheValuesTheyStandFor(@ForAll long seed) {
        ExactOperands operands = ExactOperands.generate(SPLIT, M, N, seed);
        float[] a = narrow(Dequantizer.values(operands.activation()));
        float[] b = narrow(Dequantizer.values(operands.weight()));
        float[] expected = new float[M * N];
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < SPLIT.channels(); k++) {
                expected[i] += a[i / N * SPLIT.channels() + k] * b[i % N * SPLIT.channels() + k];
            }
        }
        ReferenceGemm packed = ReferenceGemm.of(operands.activation(), operands.weight());
        ReferenceGemm dense = ReferenceGemm.dense(a, b, M, N, SPLIT.channels(), Epilogue.NONE, new float[0]);
        assertThat(ExactOperands.difference(packed.result(ScalarType.FP32), expected, N))
                .isEmpty();
        assertThat(ExactOperands.difference(dense.result(ScalarType.FP32), expected, N))
                .isEmpty();
    }

    /** Sums beyond what FP32 holds are rounded once, then scaled, then added to. */
    @Example
    void integersAreRoundedStepByStep() {
        int k = 1100;
        byte[] a = new byte[2 * k];
        byte[] b = new byte[k];
        Arrays.fill(a, (byte) 127);
        Arrays.fill(b, (byte) 127);
        a[k] = -126;
        b[0] = 2;
        float[] rows = {0.3f, 0.07f};
        float[] columns = {0.011f};
        int[] sums = {1099 * 127 * 127 + 254, 1099 * 127 * 127 - 252};
        assertThat((double) (float) sums[0]).isNotEqualTo(sums[0]);
        float[] residual = {-3.7f, 1e-3f};
        float[] scaled = {(float) sums[0] * (rows[0] * columns[0]), (float) sums[1] * (rows[1] * columns[0])};
        assertThat(ReferenceGemm.integers(a, b, rows, columns, k, Epilogue.NONE, new float[0])
                        .result(ScalarType.FP32))
                .isEqualTo(scaled);
        assertThat(ReferenceGemm.integers(a, b, rows, columns, k, Epilogue.RESIDUAL, residual)
                        .result(ScalarType.FP32))
                .isEqualTo(new float[] {scaled[0] + residual[0], scaled[1] + residual[1]});
    }

    /** Groups stay whole, so that the scales belong to the same elements: a GEMM must not see the order of its channels. */
    @Property(tries = 30)
    void theSameOrderOfChannelsOnBothSidesChangesNothing(@ForAll long seed) {
        ChannelSplit split = ChannelSplit.parse("e4m3xe4m3:256/32");
        ExactOperands operands = ExactOperands.generate(split, M, N, seed);
        float[] a = narrow(Dequantizer.values(operands.activation()));
        float[] b = narrow(Dequantizer.values(operands.weight()));
        List<Integer> groups = new ArrayList<>(IntStream.range(0, 8).boxed().toList());
        Collections.shuffle(groups, new Random(seed));
        float[] permutedA = permuted(a, groups);
        float[] permutedB = permuted(b, groups);
        assertThat(product(split, permutedA, permutedB)).isEqualTo(product(split, a, b));
    }

    private static float[] permuted(float[] values, List<Integer> groups) {
        float[] result = new float[values.length];
        int channels = 32 * groups.size();
        Random inside = new Random(groups.hashCode());
        List<Integer> lanes = new ArrayList<>(IntStream.range(0, 32).boxed().toList());
        Collections.shuffle(lanes, inside);
        for (int i = 0; i < values.length; i++) {
            int from = 32 * groups.get(i % channels / 32) + lanes.get(i % 32);
            result[i] = values[i / channels * channels + from];
        }
        return result;
    }

    private static float[] product(ChannelSplit split, float[] a, float[] b) {
        PackedMatrix left = ReferenceQuantizer.inOrder(split, Side.ACTIVATION, ScaleRule.CEIL)
                .quantize(a, M);
        PackedMatrix right =
                ReferenceQuantizer.inOrder(split, Side.WEIGHT, ScaleRule.CEIL).quantize(b, N);
        return ReferenceGemm.of(left, right).result(ScalarType.FP32);
    }

    @Example
    void epiloguesActOnTheExactSum() {
        float[] a = {1, 2};
        float[] b = {3, 4, -5, 0.5f};
        assertThat(dense(a, b, Epilogue.NONE)).containsExactly(11, -4);
        assertThat(dense(a, b, Epilogue.BIAS, 0.5f, 1)).containsExactly(11.5f, -3);
        assertThat(dense(a, b, Epilogue.RESIDUAL, -11, 4)).containsExactly(0, 0);
        assertThat(dense(a, b, Epilogue.SILU_MUL, 2, -3))
                .containsExactly((float) (22 / (1 + Math.exp(-11))), (float) (12 / (1 + Math.exp(4))));
    }

    private static float[] dense(float[] a, float[] b, Epilogue epilogue, float... epilogueOperand) {
        return ReferenceGemm.dense(a, b, 1, 2, 2, epilogue, epilogueOperand).result(ScalarType.FP32);
    }

    @Example
    void theResultIsRoundedOnceToItsType() {
        float[] a = {1, 0x1p-8f, 0x1p-30f};
        float[] ones = {1, 1, 1};
        ReferenceGemm gemm = ReferenceGemm.dense(a, ones, 1, 1, 3, Epilogue.NONE, new float[0]);
        // Rounded to FP32 first, the sum would be a tie and go down to 1.
        assertThat(gemm.result(ScalarType.BF16)).containsExactly(1 + 0x1p-7f);
        assertThat(gemm.result(ScalarType.FP16)).containsExactly(1 + 0x1p-8f);
        assertThat(gemm.result(ScalarType.FP32)).containsExactly(1 + 0x1p-8f);
    }

    @Example
    void aNanScaleReachesItsRowOfTheResultAndNoOther() {
        ExactOperands operands = ExactOperands.generate(SPLIT, M, N, 1);
        operands.activation().partitions().get(1).scales()[1] = (byte) 255;
        float[] result =
                ReferenceGemm.of(operands.activation(), operands.weight()).result(ScalarType.BF16);
        for (int i = 0; i < result.length; i++) {
            assertThat(Float.isNaN(result[i])).isEqualTo(i / N == 1);
            assertThat(Float.isNaN(result[i]) || Bfloat16.toFloat(Bfloat16.fromFloat(result[i])) == result[i])
                    .isTrue();
        }
    }

    @Example
    void operandsAndExtrasThatDoNotFitAreRefused() {
        PackedMatrix narrow = ExactOperands.generate(ChannelSplit.parse("e2m1xe2m1:32/32"), 1, 1, 0)
                .weight();
        PackedMatrix wide = ExactOperands.generate(SPLIT, 2, 2, 0).activation();
        assertThatThrownBy(() -> ReferenceGemm.of(wide, narrow)).hasMessage("the operands have 128 and 32 channels");
        assertThatThrownBy(() -> ReferenceGemm.of(wide, wide, Epilogue.BIAS, new float[3]))
                .hasMessage("epilogue bias needs 2 values, not 3");
        assertThatThrownBy(() -> ReferenceGemm.of(wide, wide, Epilogue.RESIDUAL, new float[2]))
                .hasMessage("epilogue residual needs 4 values, not 2");
        assertThatThrownBy(() -> ReferenceGemm.dense(new float[3], new float[4], 2, 2, 2, Epilogue.NONE, new float[0]))
                .hasMessage("2 rows of 2 channels are not 3 values");
    }
}
