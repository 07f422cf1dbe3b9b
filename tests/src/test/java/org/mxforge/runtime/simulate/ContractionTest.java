package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A product is not rounded before it is added up or subtracted, unless a rounding is named or someone else reads it; of two it is the first. */
class ContractionTest {
    /** What becomes of two numbers that are multiplied and of a third, which may be the product of two others. */
    private interface Expected {
        double of(double a, double b, double c);
    }

    private static FormKernel kernel(String form) {
        return FormKernel.of(InstructionForm.parse(form)).orElseThrow();
    }

    private static void assertGives(FormKernel kernel, Expected expected) {
        boolean twice = kernel.form().type().equals("f64");
        boolean two = kernel.form().toString().endsWith("product product");
        int result = kernel.form().toString().contains("shared") ? 1 : 0;
        SimulatedForm.each(kernel, (read, written) -> {
            double c = number(read, 2, twice);
            double value = expected.of(
                    number(read, 0, twice), number(read, 1, twice), two ? (float) (c * number(read, 3, false)) : c);
            assertThat(number(written, result, twice)).isEqualTo((Double) (twice ? value : (float) value));
        });
    }

    private static double number(ByteBuffer words, int index, boolean twice) {
        int at = Long.BYTES * index;
        return twice ? words.getDouble(at) : words.getFloat(at);
    }

    private static double fused(double a, double b, double c) {
        return Math.fma((float) a, (float) b, (float) c);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub.f32 product -", "sub.f32 product product"})
    void aProductThatIsSubtractedFrom(String form) {
        assertGives(kernel(form), (a, b, c) -> fused(a, b, -c));
    }

    @Test
    void aProductThatIsSubtracted() {
        assertGives(kernel("sub.f32 - product"), (a, b, c) -> fused(-a, b, c));
        assertGives(kernel("sub.f64 - product"), (a, b, c) -> Math.fma(-a, b, c));
    }

    @Test
    void aProductThatIsAdded() {
        assertGives(kernel("add.f32 product -"), ContractionTest::fused);
        assertGives(kernel("add.f64 - product"), Math::fma);
    }

    @Test
    void oneThatOthersReadIsRounded() {
        assertGives(kernel("add.f32 - shared-product"), (a, b, c) -> (float) (a * b) + c);
        assertGives(kernel("add.f64 shared-product -"), (a, b, c) -> a * b + c);
    }

    @Test
    void oneWhoseRoundingIsNamedIsRounded() {
        FormKernel open = kernel("sub.f64 product -");
        String named = open.ptx().replace("mul.f64", "mul.rn.f64");
        assertGives(
                new FormKernel(open.form(), named, open.blocks(), open.reads(), open.writes()), (a, b, c) -> a * b - c);
    }

    /** It is a number that is subtracted. */
    @Test
    void aNanKeepsItsSign() {
        SimulatedForm.each(kernel("sub.f64 - product"), (read, written) -> {
            if (Double.isNaN(read.getDouble(0))) {
                assertThat(written.getLong(0) < 0).isEqualTo(read.getLong(0) < 0);
            }
        });
    }
}
