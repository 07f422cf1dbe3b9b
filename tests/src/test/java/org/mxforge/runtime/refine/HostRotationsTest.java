package org.mxforge.runtime.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.exec.spi.Backend;

/** Weights are multiplied by blocks along a diagonal, on either side, and rounded once. */
class HostRotationsTest {
    /** Sizes that are whole numbers of tiles and such that are not, one block and several. */
    @ParameterizedTest
    @CsvSource({"1, 4, 1", "45, 70, 3", "33, 64, 2", "32, 1030, 1", "70, 96, 5"})
    void bothSidesAreThoseOfTheDefinition(int other, int size, int blocks) {
        check(new HostRotations(), other, size, blocks);
    }

    /**
     * @param other rows of what is multiplied from the right, columns of what is multiplied from the left
     */
    static void check(Backend.Rotations rotations, int other, int size, int blocks) {
        Random random = new Random(size);
        double[][] factors = new double[blocks][];
        for (int i = 0; i < blocks; i++) {
            factors[i] = random.doubles((long) size * size, -1, 1).toArray();
        }
        int width = size * blocks;
        float[] rows = values(random, other * width);
        float[] turned = rows.clone();
        rotations.channels(turned, size, factors);
        float[] weight = values(random, width * other);
        float[] made = weight.clone();
        rotations.outputs(made, size, factors);
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < size; i++) {
                for (int at = 0; at < other; at++) {
                    double channel = 0;
                    double output = 0;
                    for (int k = 0; k < size; k++) {
                        double factor = factors[block][k * size + i];
                        channel += rows[at * width + block * size + k] * factor;
                        output += factor * weight[(block * size + k) * other + at];
                    }
                    assertClose(turned[at * width + block * size + i], channel);
                    assertClose(made[(block * size + i) * other + at], output);
                }
            }
        }
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Sums of another order may be rounded to the number next to it. */
    private static void assertClose(float found, double expected) {
        assertThat((double) found).isCloseTo(expected, within(Math.ulp((float) expected) + 1e-12));
    }
}
