package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mxforge.runtime.oracle.TestOracle;

/** BF16 and FP16: all 65,536 numbers one way; back, every number, every boundary between two and binary32 at random. */
class ScalarConversionTest {
    private static final NearestEven BF16 = new NearestEven(0x7f81, code -> magnitude(code, 8, 7));
    private static final NearestEven FP16 = new NearestEven(0x7c01, code -> magnitude(code, 5, 10));

    /** An IEEE magnitude from its fields; the code of infinity stands for the power of two that the exponent would give. */
    private static double magnitude(int code, int exponentBits, int mantissaBits) {
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = code >> mantissaBits;
        double fraction = (code & ((1 << mantissaBits) - 1)) / (double) (1 << mantissaBits);
        return exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias);
    }

    @Example
    void everyNumberHasTheValueOfItsFields() {
        for (int code = 0; code < 0x7f80; code++) {
            assertThat((double) Bfloat16.toFloat((short) code)).isEqualTo(magnitude(code, 8, 7));
            assertThat((double) Bfloat16.toFloat((short) (code | 0x8000))).isEqualTo(-magnitude(code, 8, 7));
        }
        for (int code = 0; code < 0x7c00; code++) {
            assertThat((double) Float16.toFloat((short) code)).isEqualTo(magnitude(code, 5, 10));
            assertThat((double) Float16.toFloat((short) (code | 0x8000))).isEqualTo(-magnitude(code, 5, 10));
        }
    }

    @Example
    void specialsStayWhatTheyAre() {
        for (int sign : new int[] {0, 0x8000}) {
            float infinity = sign == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            assertThat(Bfloat16.toFloat((short) (sign | 0x7f80))).isEqualTo(infinity);
            assertThat(Float16.toFloat((short) (sign | 0x7c00))).isEqualTo(infinity);
            assertThat(Bfloat16.fromFloat(infinity)).isEqualTo((short) (sign | 0x7f80));
            assertThat(Float16.fromFloat(infinity)).isEqualTo((short) (sign | 0x7c00));
            for (int code = 0x7f81; code <= 0x7fff; code++) {
                assertThat(Bfloat16.toFloat((short) (sign | code))).isNaN();
            }
            for (int code = 0x7c01; code <= 0x7fff; code++) {
                assertThat(Float16.toFloat((short) (sign | code))).isNaN();
            }
        }
        for (int bits : new int[] {0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000}) {
            assertThat(Bfloat16.toFloat(Bfloat16.fromFloat(Float.intBitsToFloat(bits))))
                    .isNaN();
            assertThat(Float16.toFloat(Float16.fromFloat(Float.intBitsToFloat(bits))))
                    .isNaN();
        }
    }

    @Example
    void everyNumberAndEveryBoundaryRoundsToNearestEven() {
        for (int code = 0; code < 0x7f80; code++) {
            around((float) BF16.middle(code));
            check(Bfloat16.toFloat((short) code));
        }
        for (int code = 0; code < 0x7c00; code++) {
            around((float) FP16.middle(code));
            check(Float16.toFloat((short) code));
        }
    }

    private static void around(float middle) {
        check(Math.nextDown(middle));
        check(middle);
        check(Math.nextUp(middle));
    }

    private static void check(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        short bf16 = (short) (sign | BF16.code(Math.abs((double) value)));
        short fp16 = (short) (sign | FP16.code(Math.abs((double) value)));
        if (Bfloat16.fromFloat(value) != bf16 || Float16.fromFloat(value) != fp16) {
            assertThat(Bfloat16.fromFloat(value)).as("BF16 of %a", value).isEqualTo(bf16);
            assertThat(Float16.fromFloat(value)).as("FP16 of %a", value).isEqualTo(fp16);
        }
    }

    @Property(tries = 20_000)
    void anyBinary32RoundsToNearestEven(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        if (!Float.isNaN(value)) {
            check(value);
        }
    }

    @Property(tries = 20_000)
    void theOraclesRoundingAgrees(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        assertSame(TestOracle.round(value, ScalarType.BF16), Bfloat16.toFloat(Bfloat16.fromFloat(value)));
        assertSame(TestOracle.round(value, ScalarType.FP16), Float16.toFloat(Float16.fromFloat(value)));
        assertSame(TestOracle.round(value, ScalarType.FP32), value);
    }

    @Property(tries = 20_000)
    void theOracleRoundsBinary64ToBinary32AsJavaDoes(@ForAll long bits) {
        double any = Double.longBitsToDouble(bits);
        assertSame(TestOracle.round(any, ScalarType.FP32), (float) any);
        int exponent = (int) Math.floorMod(bits >>> 52, 300L) - 160;
        double withinRange = Math.scalb(1 + (bits & 0xfffffffffffffL) * 0x1p-52, exponent);
        assertSame(TestOracle.round(-withinRange, ScalarType.FP32), (float) -withinRange);
    }

    /** The same bits, any NaN as good as another. */
    private static void assertSame(float actual, float expected) {
        assertThat(Float.floatToIntBits(actual)).isEqualTo(Float.floatToIntBits(expected));
    }

    /** Through binary32 this would round twice and come out one too high. */
    @Example
    void theOracleRoundsOnce() {
        double justBelowMiddle = 1 + 0x1p-8 - 0x1p-40;
        assertThat(TestOracle.round(justBelowMiddle, ScalarType.BF16)).isEqualTo(1f);
        double justAboveMiddle = 1 + 0x1p-8 + 0x1p-40;
        assertThat(TestOracle.round(justAboveMiddle, ScalarType.BF16)).isEqualTo(1 + 0x1p-7f);
    }
}
