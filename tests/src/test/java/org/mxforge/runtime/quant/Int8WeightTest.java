package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;

class Int8WeightTest {
    @Property
    void aCodeIsTheNearest(@ForAll @Size(min = 1, max = 40) float @FloatRange(min = -1e30f, max = 1e30f) [] values) {
        byte[] codes = new byte[values.length];
        float scale = Int8Weight.quantize(values, 0, values.length, codes, 0);
        for (int i = 0; i < values.length; i++) {
            assertThat(codes[i]).isBetween((byte) -127, (byte) 127);
            // A subnormal scale has few bits.
            double slack = Math.max(1e-5 * Math.abs(values[i]), 128 * Float.MIN_VALUE);
            assertThat((double) codes[i] * scale).isCloseTo(values[i], within(0.5 * scale + slack));
        }
    }

    @Example
    void rowsHaveScalesOfTheirOwn() {
        Int8Weight weight = Int8Weight.of(new float[] {127, -2.5f, 0, 0, 0.5f, -1}, 3, 2);
        assertThat(weight.scales()).containsExactly(1, 0, 1f / 127);
        assertThat(weight.codes()).containsExactly(127, -2, 0, 0, 64, -127);
    }

    /** The fault shows in what is multiplied by the scale. */
    @Example
    void whatIsNotFiniteShowsInTheScale() {
        byte[] codes = new byte[2];
        assertThat(Int8Weight.quantize(new float[] {1, Float.NaN}, 0, 2, codes, 0))
                .isNaN();
        assertThat(Int8Weight.quantize(new float[] {1, Float.NEGATIVE_INFINITY}, 0, 2, codes, 0))
                .isInfinite();
    }
}
