package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.mxforge.dsl.format.Bfloat16;

/** Seeded test values, and the comparison of computed with expected ones. */
public final class Numbers {
    /** One rounding to BF16, with room for the last bits of FP32. */
    public static final double BF16 = 0x1.1p-8;

    private Numbers() {}

    /** Normally distributed BF16 numbers. */
    public static float[] bf16(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return values;
    }

    /** Normally distributed numbers with the given deviation. */
    public static float[] floats(long seed, int count, double deviation) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** Row by row the rows of all {@code parts}, [rows][columns] each. */
    public static float[] sideBySide(int rows, float[]... parts) {
        float[] all =
                new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (int row = 0; row < rows; row++) {
            for (float[] part : parts) {
                int columns = part.length / rows;
                System.arraycopy(part, row * columns, all, at, columns);
                at += columns;
            }
        }
        return all;
    }

    /** Each value within {@code relative} of the expected one, or within that share of a hundredth of the largest. */
    public static void assertClose(float[] computed, double[] expected, double relative) {
        assertThat(computed).hasSameSizeAs(expected);
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            double allowed = relative * Math.max(Math.abs(expected[i]), 0.01 * largest);
            // Written so that a NaN fails.
            if (!(Math.abs(computed[i] - expected[i]) <= allowed)) {
                throw new AssertionError(
                        "element " + i + " is " + computed[i] + ", not within " + allowed + " of " + expected[i]);
            }
        }
    }

    /** The Frobenius norm of the errors over that of what is expected. */
    public static double relativeError(float[] computed, float[] expected) {
        assertThat(computed).hasSameSizeAs(expected);
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            errors += Math.pow((double) computed[i] - expected[i], 2);
            squares += Math.pow(expected[i], 2);
        }
        return Math.sqrt(errors / squares);
    }
}
