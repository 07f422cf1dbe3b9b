package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HadamardTest {
    private static final NearestEven BF16 = new NearestEven(0x7f80, bits -> Bfloat16.toFloat((short) bits));

    /** Whole numbers, of which nothing is rounded. */
    @Property(tries = 50)
    void isTheProductWithTheMatrix(@ForAll @IntRange(max = 7) int bits, @ForAll long seed) {
        int size = 1 << bits;
        float[] values = wholeNumbers(3 * size, seed);
        float[] turned = values.clone();
        Hadamard.turn(turned, size, 2 * size, size);
        for (int row = 0; row < 3 * size; row++) {
            float sum = 0;
            for (int column = row / size * size; column < (row / size + 1) * size; column++) {
                sum += Integer.bitCount(row % size & column % size) % 2 == 0 ? values[column] : -values[column];
            }
            assertThat(turned[row]).isEqualTo(row < size ? values[row] : sum);
        }
    }

    @Property(tries = 50)
    void bothFormsAgreeWhereNothingIsRounded(@ForAll long seed) {
        float[] values = wholeNumbers(32, seed);
        float[] fp32 = values.clone();
        Hadamard.turn(fp32, 0, 32, 32);
        Hadamard.turnBf16(values);
        assertThat(values).isEqualTo(fp32);
    }

    /** The sum of two BF16 numbers, rounded once. */
    @Property(tries = 2000)
    void everySumIsRoundedOnce(@ForAll short first, @ForAll short second) {
        float[] pair = {Bfloat16.toFloat(first), Bfloat16.toFloat(second)};
        double sum = (double) pair[0] + pair[1];
        double difference = (double) pair[0] - pair[1];
        Hadamard.turnBf16(pair);
        assertRounded(pair[0], sum);
        assertRounded(pair[1], difference);
    }

    /** Those that the random ones seldom meet: numbers beside powers of two and others far below, and the largest ones. */
    @Example
    void sumsOfFarNumbersAreRoundedOnce() {
        for (int exponent = 0; exponent < 40; exponent++) {
            for (int mantissa : new int[] {0, 1, 2, 0x7e, 0x7f}) {
                for (int other : new int[] {0, 1, 0x40, 0x7f}) {
                    short small = (short) (127 - exponent << 7 | other);
                    everySumIsRoundedOnce((short) (127 << 7 | mantissa), small);
                    everySumIsRoundedOnce((short) (127 << 7 | mantissa), (short) (small | 0x8000));
                    everySumIsRoundedOnce((short) (254 << 7 | mantissa), (short) (254 - exponent << 7 | other));
                }
            }
        }
    }

    private static void assertRounded(float given, double exact) {
        if (Double.isNaN(exact)) {
            assertThat(given).isNaN();
        } else if (Math.abs(exact) >= 0x1.ffp127) {
            assertThat((double) given).isEqualTo(Math.copySign(Double.POSITIVE_INFINITY, exact));
        } else {
            float wanted = Bfloat16.toFloat((short) BF16.code(Math.abs(exact)));
            assertThat(given).isEqualTo(exact < 0 ? -wanted : wanted);
        }
    }

    private static float[] wholeNumbers(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        Arrays.setAll(new double[count], i -> values[i] = random.nextInt(5) - 2);
        return values;
    }
}
