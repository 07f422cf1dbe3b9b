package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Divisions that are not rounded to the nearest, as PTX bounds them: within two units in the last place, but for large divisors. */
class DivisionTest {
    private static final float LARGE = 0x1p126f;

    private interface Check {
        void of(float a, float b, float quotient);
    }

    private static void each(String form, Check check) {
        SimulatedForm.each(
                FormKernel.of(InstructionForm.parse(form)).orElseThrow(),
                (read, written) -> check.of(read.getFloat(0), read.getFloat(Long.BYTES), written.getFloat(0)));
    }

    private static void assertNear(float a, float b, float quotient) {
        float exact = a / b;
        if (Float.isFinite(exact)) {
            assertThat(quotient).isCloseTo(exact, Offset.offset(2 * Math.ulp(exact)));
        } else {
            assertThat(quotient).isEqualTo((Float) exact);
        }
    }

    private static boolean isLarge(float b) {
        return Math.abs(b) > LARGE && Float.isFinite(b);
    }

    @Test
    void byWhatIsLargeGivesZero() {
        each("div.approx.f32", (a, b, quotient) -> {
            if (!isLarge(b) || Float.isNaN(a)) {
                assertNear(a, b, quotient);
            } else if (Float.isInfinite(a)) {
                assertThat(quotient).isNaN();
            } else {
                assertThat(quotient).isEqualTo((Float) Math.copySign(0f, Math.copySign(1, a) * b));
            }
        });
    }

    @Test
    void withoutSubnormals() {
        each("div.approx.ftz.f32", (a, b, quotient) -> {
            float x = FloatInstructions.flushed(true, a);
            float y = FloatInstructions.flushed(true, b);
            if (isLarge(b)) {
                assertThat(quotient).isEqualTo((Float) (x / y * 0));
            } else if (Math.abs(x / y) < Float.MIN_NORMAL) {
                assertThat(Math.abs(quotient)).isIn(0f, Float.MIN_NORMAL);
            } else {
                assertNear(x, y, quotient);
            }
        });
    }

    @Test
    void bothAreScaledForAllDivisors() {
        each("div.full.f32", DivisionTest::assertNear);
    }
}
