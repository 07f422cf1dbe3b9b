package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Encoding against {@link NearestEven}: all BF16 numbers, all rounding boundaries, and binary32 at random. */
class ElementEncodeTest {
    private static NearestEven search(ElementFormat format) {
        double[] table = OcpTables.finite(format);
        return new NearestEven(table.length, code -> table[code]);
    }

    /** What {@code value} must encode to, found by search; infinities saturate, NaN gives 127 or the largest code. */
    private static int expected(ElementFormat format, NearestEven search, float value) {
        if (Float.isNaN(value)) {
            return format.bits() == 8 ? 0x7f : search.codes() - 1;
        }
        int sign = Float.floatToRawIntBits(value) < 0 ? format.codes() / 2 : 0;
        return sign | search.code(Math.abs((double) value));
    }

    private static void check(ElementFormat format, NearestEven search, float value) {
        int code = format.encode(value);
        if (code != expected(format, search, value)) {
            assertThat(code).as("%s of %s (%a)", format, value, value).isEqualTo(expected(format, search, value));
        }
    }

    @Example
    void allBfloat16NumbersRoundToNearestEven() {
        for (ElementFormat format : ElementFormat.values()) {
            NearestEven search = search(format);
            for (int bits = 0; bits < 0x10000; bits++) {
                check(format, search, Bfloat16.toFloat((short) bits));
            }
        }
    }

    @Example
    void bothSidesOfEveryRoundingBoundary() {
        for (ElementFormat format : ElementFormat.values()) {
            NearestEven search = search(format);
            for (int code = 0; code + 1 < search.codes(); code++) {
                float middle = (float) search.middle(code);
                assertThat((double) middle).isEqualTo(search.middle(code));
                for (float value : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
                    check(format, search, value);
                    check(format, search, -value);
                }
            }
        }
    }

    @Example
    void infinitiesAndHugeNumbersSaturate() {
        for (ElementFormat format : ElementFormat.values()) {
            for (float huge : new float[] {Float.POSITIVE_INFINITY, Float.MAX_VALUE, Math.nextUp(format.maxFinite())}) {
                assertThat(format.encode(huge)).isEqualTo(format.maxCode());
                assertThat(format.encode(-huge)).isEqualTo(format.maxCode() | format.codes() / 2);
            }
        }
    }

    @Example
    void everyFiniteCodeIsWhatItsValueEncodesTo() {
        for (ElementFormat format : ElementFormat.values()) {
            for (int code = 0; code < format.codes(); code++) {
                float value = format.decode(code);
                if (Float.isFinite(value)) {
                    assertThat(format.encode(value))
                            .as("%s code %d", format, code)
                            .isEqualTo(code);
                }
            }
        }
    }

    @Property(tries = 20_000)
    void anyBinary32RoundsToNearestEven(@ForAll ElementFormat format, @ForAll int bits) {
        check(format, search(format), Float.intBitsToFloat(bits));
    }

    @Property(tries = 5_000)
    void anyBinary32WithinRangeRoundsToNearestEven(@ForAll ElementFormat format, @ForAll int bits) {
        int exponent = Math.floorMod(bits >>> 23, 40) + 127 - 22;
        check(format, search(format), Float.intBitsToFloat(bits & 0x807fffff | exponent << 23));
    }

    @Property(tries = 5_000)
    void encodingIsMonotone(@ForAll ElementFormat format, @ForAll float x, @ForAll float y) {
        float small = Math.min(x, y);
        float large = Math.max(x, y);
        assertThat(format.decode(format.encode(small))).isLessThanOrEqualTo(format.decode(format.encode(large)));
    }
}
