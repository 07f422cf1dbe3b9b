package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** All scale bytes, and every BF16 magnitude under every rule, against the rules' formulas in exact arithmetic. */
class ScaleCodecTest {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    @Test
    void aScaleByteIsAPowerOfTwo() {
        for (int e8m0 = 0; e8m0 < 255; e8m0++) {
            assertThat((double) ScaleCodec.decode(e8m0)).isEqualTo(Math.pow(2, e8m0 - 127));
            assertThat((double) ScaleCodec.reciprocal(e8m0)).isEqualTo(Math.pow(2, 127 - e8m0));
        }
        assertThat(ScaleCodec.decode(255)).isNaN();
        assertThat(ScaleCodec.reciprocal(255)).isNaN();
    }

    @Test
    void everyMagnitudeGetsTheScaleOfTheFormula() {
        for (ElementFormat format : ElementFormat.values()) {
            for (ScaleRule rule : ScaleRule.values()) {
                for (int bits = 1; bits < 0x7f80; bits++) {
                    float absmax = Bfloat16.toFloat((short) bits);
                    check(rule, format, absmax);
                }
            }
        }
    }

    /** Binary32 has magnitudes that BF16 has not: those around each power of two times the largest value, and around ties. */
    @Test
    void magnitudesBesideEveryStepGetTheScaleOfTheFormula() {
        for (ElementFormat format : ElementFormat.values()) {
            float tie = 2 - (float) Math.pow(2, -1 - format.mantissaBits());
            for (int exponent = -126; exponent < 127; exponent++) {
                for (float step : new float[] {1, 1.5f, 1.75f, 1.796875f, 1.875f, tie}) {
                    float middle = Math.scalb(step, exponent);
                    for (float absmax : new float[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
                        for (ScaleRule rule : ScaleRule.values()) {
                            check(rule, format, absmax);
                        }
                    }
                }
            }
        }
    }

    @Test
    void zeroGetsOneHalfAndWhatIsNotFiniteGetsNan() {
        for (ElementFormat format : ElementFormat.values()) {
            for (ScaleRule rule : ScaleRule.values()) {
                assertThat(rule.scale(0f, format)).isEqualTo(126);
                assertThat(rule.scale(-0f, format)).isEqualTo(126);
                for (int bits = 0x7f80; bits < 0x8000; bits++) {
                    assertThat(rule.scale(Bfloat16.toFloat((short) bits), format))
                            .isEqualTo(255);
                    assertThat(rule.scale(Bfloat16.toFloat((short) (bits | 0x8000)), format))
                            .isEqualTo(255);
                }
            }
        }
    }

    private static void check(ScaleRule rule, ElementFormat format, float absmax) {
        int scale = rule.scale(absmax, format);
        int wanted = Math.max(0, 127 + exponent(rule, format, absmax));
        if (scale != wanted || rule.scale(-absmax, format) != wanted) {
            assertThat(scale).as("%s %s of %a", rule, format, absmax).isEqualTo(wanted);
        }
    }

    private static int exponent(ScaleRule rule, ElementFormat format, float absmax) {
        return switch (rule) {
            case CEIL -> leastExponentThatHolds(absmax, format.maxFinite());
            case CLIP -> leastExponentThatHolds(absmax, format == ElementFormat.E2M1 ? 7.1875 : format.maxFinite());
            case FLOOR -> Math.getExponent((double) absmax) - format.maxExponent();
            case EVEN -> {
                // Only a carry into the next binade counts, and where floats are subnormal the scale is the least one
                // anyway.
                double step = Math.pow(2, Math.getExponent((double) absmax) - format.mantissaBits());
                double rounded = Math.floor(absmax / step + 0.5) * step;
                yield Math.getExponent(rounded) - format.maxExponent();
            }
        };
    }

    /** The least e with absmax <= largest * 2^e, found by comparing, not by a logarithm. */
    private static int leastExponentThatHolds(double absmax, double largest) {
        int exponent = Math.getExponent(absmax) - Math.getExponent(largest) - 1;
        while (new BigDecimal(absmax).compareTo(times2(largest, exponent)) > 0) {
            exponent++;
        }
        return exponent;
    }

    private static BigDecimal times2(double value, int exponent) {
        BigDecimal power = TWO.pow(Math.abs(exponent));
        BigDecimal exact = new BigDecimal(value);
        // Dividing by a power of two ends after as many digits.
        return exponent >= 0 ? exact.multiply(power) : exact.multiply(new BigDecimal("0.5").pow(-exponent));
    }
}
