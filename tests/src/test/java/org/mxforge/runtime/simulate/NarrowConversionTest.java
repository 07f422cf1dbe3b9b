package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScaleFormat;

/** Conversions that only Blackwell has, alone in the simulator, against the codecs. */
class NarrowConversionTest {
    private static void each(String form, SimulatedForm.Check check) {
        SimulatedForm.each(FormKernel.of(InstructionForm.parse(form)).orElseThrow(), check);
    }

    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void elementsAsTheCodecEncodesThem(ElementFormat format) {
        int pitch = format.bits() == 6 ? 8 : format.bits();
        each("cvt.rn.satfinite." + format.text() + "x2.f32", (read, written) -> assertThat(written.getLong(0))
                .isEqualTo((long) format.encode(read.getFloat(0)) << pitch | format.encode(read.getFloat(8))));
    }

    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void elementsAsTheCodecDecodesThem(ElementFormat format) {
        int pitch = format.bits() == 6 ? 8 : format.bits();
        int mask = format.codes() - 1;
        each("cvt.rn.f16x2." + format.text() + "x2", (read, written) -> {
            int codes = read.getShort(0);
            assertThat(written.getShort(0)).isEqualTo(half(format.decode(codes & mask)));
            assertThat(written.getShort(2)).isEqualTo(half(format.decode(codes >> pitch & mask)));
        });
    }

    /** Every NaN is the one that conversions give. */
    private static short half(float value) {
        return value != value ? 0x7fff : Float16.fromFloat(value);
    }

    @ParameterizedTest
    @CsvSource({"rz, 0", "rp, 1"})
    void scalesArePowersOfTwoBelowOrAbove(String rounding, int up) {
        each("cvt." + rounding + ".satfinite.ue8m0x2.f32", (read, written) -> {
            float value = Math.abs(read.getFloat(0));
            int scale = written.get(1) & 0xff;
            double power = Math.scalb(1.0, scale - 127);
            if (value != value) {
                assertThat(scale).isEqualTo(255);
            } else if (up == 1) {
                assertThat(power >= value || scale == 254).isTrue();
                assertThat(power / 2 < value || scale == 0).isTrue();
            } else {
                assertThat(power <= value || scale == 0).isTrue();
                assertThat(power * 2 > value || scale == 254).isTrue();
            }
        });
    }

    @Test
    void scalesInBf16() {
        each("cvt.rn.bf16x2.ue8m0x2", (read, written) -> {
            float power = ScaleFormat.E8M0.decode(read.get(0) & 0xff);
            float converted = Float.intBitsToFloat(written.getShort(0) << 16);
            assertThat(Float.compare(converted, power)).isZero();
        });
    }
}
