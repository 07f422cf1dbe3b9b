package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

class WeightRoundingTest {
    private static final int ROWS = 11;
    private static final int CHANNELS = 96;
    private static final int TOKENS = 400;
    private static final ChannelSplit SPLIT = ChannelSplit.parse("e2m1xe2m1:64+e4m3xe2m3:32/32");

    private final Random random = new Random(5);

    @Test
    void aScaleIsNeverWorseThanThatOfTheRule() {
        float[] values = new float[32];
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
            }
            for (ElementFormat format : Allocation.FORMATS) {
                int usual = GroupRounding.scale(values, 0, format, ScaleRule.CEIL);
                int best = GroupRounding.bestScale(values, 0, format);
                assertThat(error(values, format, best)).isLessThanOrEqualTo(error(values, format, usual));
                assertThat(best).isBetween(usual - 2, usual + 1);
            }
        }
    }

    private static double error(float[] values, ElementFormat format, int scale) {
        double sum = 0;
        for (float value : values) {
            double error = GroupRounding.round(value, format, scale) - value;
            sum += error * error;
        }
        return sum;
    }

    @Test
    void withoutInputsValuesGoToTheCodesNextToThem() {
        double[] weight = weight();
        double[] found = values(WeightRounding.of(weight.clone(), SPLIT, null));
        double[] apart = new double[CHANNELS * CHANNELS];
        for (int i = 0; i < CHANNELS; i++) {
            apart[i * CHANNELS + i] = 1 + i;
        }
        assertThat(values(WeightRounding.of(weight.clone(), SPLIT, apart)))
                .as("inputs that do not go together")
                .isEqualTo(found);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(weight[i], within(2.0));
        }
    }

    @Test
    void outputsSufferLessWhenErrorsAreMadeGood() {
        float[] inputs = inputs();
        Products products = new Products(CHANNELS);
        products.add(inputs, inputs, TOKENS);
        CholeskyFactor definite = CholeskyFactor.of(products.sum(), CHANNELS, 0.01 * products.trace() / CHANNELS);
        assertThat(definite.damped()).isZero();
        double[] weight = weight();
        double nearest = outputError(inputs, weight, values(WeightRounding.of(weight.clone(), SPLIT, null)));
        double regained =
                outputError(inputs, weight, values(WeightRounding.of(weight.clone(), SPLIT, definite.inverseRoot())));
        assertThat(regained).isLessThan(0.6 * nearest);
    }

    @Test
    void productsAreThoseOfEachTwoChannels() {
        int channels = 37;
        float[] x = new float[channels * 300];
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
            y[i] = (float) random.nextGaussian();
        }
        Products products = new Products(channels);
        products.add(Arrays.copyOf(x, 13 * channels), Arrays.copyOf(y, 13 * channels), 13);
        products.add(
                Arrays.copyOfRange(x, 13 * channels, x.length), Arrays.copyOfRange(y, 13 * channels, x.length), 287);
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                double expected = 0;
                for (int row = 0; row < 300; row++) {
                    expected += (double) x[row * channels + i] * y[row * channels + j];
                }
                assertThat(products.sum()[i * channels + j]).isCloseTo(expected, within(1e-3));
            }
        }
    }

    @Test
    void whatIsNotPositiveDefiniteIsDampedAndCounted() {
        double[] symmetric = {1, 2, 2, 1};
        CholeskyFactor definite = CholeskyFactor.of(symmetric, 2, 0.5);
        assertThat(definite.damped()).isEqualTo(1);
        double[] root = definite.inverseRoot();
        // R^T R (A + 5 I) = I.
        assertThat(root[2]).isZero();
        assertThat(root[0] * root[0] * 6 + root[0] * root[1] * 2).isCloseTo(1, within(1e-12));
        assertThat(definite.solve(new double[] {6, 2, 2, 6})).containsExactly(new double[] {1, 0, 0, 1}, within(1e-12));
    }

    @Test
    void eigenvectorsAreOrthogonalAndAscend() {
        double[] vectors = LinearAlgebra.eigenvectors(new double[] {2, 1, 0, 1, 2, 0, 0, 0, 9}, 3);
        assertThat(Math.abs(vectors[8])).isCloseTo(1, within(1e-12));
        assertThat(vectors[0] * vectors[3]).as("that of 1 is (1, -1)").isCloseTo(-0.5, within(1e-12));
        assertThat(vectors[1] * vectors[4]).as("that of 3 is (1, 1)").isCloseTo(0.5, within(1e-12));
    }

    private double[] weight() {
        return random.doubles((long) ROWS * CHANNELS, -3, 3).toArray();
    }

    /** Channels that follow a few common ones. */
    private float[] inputs() {
        float[] inputs = new float[TOKENS * CHANNELS];
        double[][] mixing = IntStream.range(0, CHANNELS)
                .mapToObj(i -> random.doubles(6, -1, 1).toArray())
                .toArray(double[][]::new);
        for (int row = 0; row < TOKENS; row++) {
            double[] common = random.doubles(6, -2, 2).toArray();
            for (int i = 0; i < CHANNELS; i++) {
                double sum = 0.1 * random.nextGaussian();
                for (int k = 0; k < common.length; k++) {
                    sum += mixing[i][k] * common[k];
                }
                inputs[row * CHANNELS + i] = (float) sum;
            }
        }
        return inputs;
    }

    private static double outputError(float[] inputs, double[] weight, double[] rounded) {
        double sum = 0;
        for (int row = 0; row < TOKENS; row++) {
            for (int output = 0; output < ROWS; output++) {
                double error = 0;
                for (int i = 0; i < CHANNELS; i++) {
                    error += inputs[row * CHANNELS + i]
                            * (weight[output * CHANNELS + i] - rounded[output * CHANNELS + i]);
                }
                sum += error * error;
            }
        }
        return sum;
    }

    private static double[] values(PackedMatrix packed) {
        double[] values = new double[ROWS * CHANNELS];
        int first = 0;
        for (PackedPartition part : packed.partitions()) {
            byte[] codes = new byte[part.channels()];
            int bytes = (int) CodePacking.bytes(part.format(), part.channels());
            for (int row = 0; row < ROWS; row++) {
                CodePacking.unpack(part.format(), part.codes(), row * bytes, codes.length, codes, 0);
                for (int i = 0; i < codes.length; i++) {
                    int scale = Byte.toUnsignedInt(part.scales()[row * part.rowScales() + i / 32]);
                    values[row * CHANNELS + first + i] =
                            part.format().decode(Byte.toUnsignedInt(codes[i])) * ScaleCodec.decode(scale);
                }
            }
            first += part.channels();
        }
        return values;
    }

    @Test
    void thePartsAreThoseOfTheSplit() {
        PackedMatrix packed = WeightRounding.of(weight(), SPLIT, null);
        assertThat(packed.partitions().stream().map(PackedPartition::format).toList())
                .isEqualTo(List.of(ElementFormat.E2M1, ElementFormat.E2M3));
    }
}
