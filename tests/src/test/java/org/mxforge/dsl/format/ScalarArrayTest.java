package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is not finite is counted from bits: compared with the values, for all of 16 bits and at random for 32. */
class ScalarArrayTest {
    @Example
    void everyCodeThatIsNotFiniteIsCounted() {
        short[] all = new short[1 << 16];
        for (int code = 0; code < all.length; code++) {
            all[code] = (short) code;
        }
        for (ScalarArray values : new ScalarArray[] {ScalarArray.bf16(all), ScalarArray.fp16(all)}) {
            for (int i = 0; i < all.length; i++) {
                assertThat(values.nonFinite(i, i + 1)).isEqualTo(Float.isFinite(values.get(i)) ? 0 : 1);
            }
        }
        assertThat(ScalarArray.bf16(all).nonFinite(0, all.length)).isEqualTo(2 * 0x80);
        assertThat(ScalarArray.fp16(all).nonFinite(0, all.length)).isEqualTo(2 * 0x400);
        assertThat(ScalarArray.fp16(all).nonFinite(0, 0x7c00)).isZero();
    }

    @Property(tries = 20_000)
    void anyBinary32ThatIsNotFiniteIsCounted(@ForAll int bits) {
        for (int changed : new int[] {bits, bits | 0x7f800000, bits & 0x807fffff | 0x7f000000}) {
            float value = Float.intBitsToFloat(changed);
            assertThat(ScalarArray.fp32(new float[] {value}).nonFinite(0, 1)).isEqualTo(Float.isFinite(value) ? 0 : 1);
        }
    }
}
