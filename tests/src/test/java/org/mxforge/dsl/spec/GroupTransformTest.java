package org.mxforge.dsl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class GroupTransformTest {
    /** Small whole numbers, of which nothing is rounded. */
    @Property(tries = 100)
    void productsStayWhatTheyAre(@ForAll GroupTransform transform, @ForAll long seed) {
        Random random = new Random(seed);
        float[] x = new float[32];
        float[] w = new float[32];
        double before = 0;
        for (int i = 0; i < 32; i++) {
            x[i] = random.nextInt(5) - 2;
            w[i] = random.nextInt(129) - 64;
            before += x[i] * w[i];
        }
        transform.apply(Side.ACTIVATION, x);
        transform.apply(Side.WEIGHT, w);
        double after = 0;
        for (int i = 0; i < 32; i++) {
            after += x[i] * w[i];
        }
        assertThat(after).isEqualTo(before);
    }
}
