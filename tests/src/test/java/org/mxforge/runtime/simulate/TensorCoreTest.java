package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sums of tensor cores in single cases; that they are a GPU's is for {@code InstructionFormsGpuTest}. */
class TensorCoreTest {
    private static final TensorCore.Least FP8 = new TensorCore.Least(-6, -6);
    private final TensorCores hopper = TensorCores.of(90);

    private static float add(TensorCore core, float c, double... products) {
        double[] ones = new double[products.length];
        Arrays.fill(ones, 1);
        return core.add(c, products, 0, ones, 0, products.length, FP8);
    }

    @Test
    void narrowSumsKeepThirteenBits() {
        assertThat(add(hopper.narrow(), 0, 1, 0x1p-13)).isEqualTo(1 + 0x1p-13f);
        assertThat(add(hopper.narrow(), 0, 1, 0x1p-14, 0x1p-14)).isEqualTo(1);
        assertThat(add(hopper.narrow(), 0x1p-14f, 1)).isEqualTo(1);
        assertThat(add(hopper.narrow(), 0, 1, 1, 0x1p-13)).isEqualTo(2);
        assertThat(add(hopper.narrow(), 0, -1, -1, -0x1p-13)).isEqualTo(-2);
    }

    @Test
    void wideOnesTwentyFiveBeforeTheyAreCut() {
        assertThat(add(hopper.wide(), 0, 1, 0x1p-24, 0x1p-24)).isEqualTo(1 + 0x1p-23f);
        assertThat(add(hopper.wide(), 0, 1, 0x1p-24)).isEqualTo(1);
        assertThat(add(hopper.wide(), 0, 1, 0x1p-26, 0x1p-26)).isEqualTo(1);
        assertThat(add(TensorCores.of(80).warp(), 0, 1, 0x1p-25, 0x1p-25, 0x1p-25, 0x1p-25))
                .isEqualTo(1);
    }

    @Test
    void whatIsCutToNothingHasNoSign() {
        double[] a = {-0x1p-126};
        double[] b = {0x1p-60};
        float sum = hopper.wide().add(0, a, 0, b, 0, 1, new TensorCore.Least(-126, -126));
        assertThat(Float.floatToRawIntBits(sum)).isZero();
    }

    @Test
    void sumsBeyondFp32AreInfinite() {
        assertThat(add(hopper.wide(), Float.MAX_VALUE, 0x1p127)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(add(hopper.wide(), -Float.MAX_VALUE, -0x1p127)).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
