package org.mxforge.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code of every format against the tables of OCP MX v1.0, section 5.3. */
class ElementDecodeTest {
    @ParameterizedTest
    @EnumSource
    void everyFiniteCodeHasItsTableValue(ElementFormat format) {
        double[] table = OcpTables.finite(format);
        int signBit = format.codes() / 2;
        for (int code = 0; code < table.length; code++) {
            assertThat(format.decode(code)).as("code %d", code).isEqualTo((float) table[code]);
            assertThat(Float.floatToRawIntBits(format.decode(code | signBit)))
                    .as("code %d", code | signBit)
                    .isEqualTo(Float.floatToRawIntBits(-(float) table[code]));
        }
        assertThat(table.length).isEqualTo(format.maxCode() + 1);
        assertThat((float) table[format.maxCode()]).isEqualTo(format.maxFinite());
    }

    @ParameterizedTest
    @EnumSource(names = {"E2M1", "E2M3", "E3M2"})
    void theShortFormatsHaveNothingButNumbers(ElementFormat format) {
        assertThat(OcpTables.finite(format)).hasSize(format.codes() / 2);
    }

    @Test
    void e4m3HasOneNanForEachSign() {
        assertThat(ElementFormat.E4M3.decode(0x7f)).isNaN();
        assertThat(ElementFormat.E4M3.decode(0xff)).isNaN();
    }

    @Test
    void e5m2HasInfinitiesAndNans() {
        assertThat(ElementFormat.E5M2.decode(0x7c)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(ElementFormat.E5M2.decode(0xfc)).isEqualTo(Float.NEGATIVE_INFINITY);
        for (int code = 0x7d; code <= 0x7f; code++) {
            assertThat(ElementFormat.E5M2.decode(code)).isNaN();
            assertThat(ElementFormat.E5M2.decode(code | 0x80)).isNaN();
        }
    }

    /** The columns of OCP MX v1.0, tables 2, 4 and 5. */
    @ParameterizedTest
    @CsvSource({
        "E5M2, 8, 15, 57344, 0x1p-14, 0x0.cp-14, 0x1p-16",
        "E4M3, 8, 8, 448, 0x1p-6, 0x0.ep-6, 0x1p-9",
        "E3M2, 6, 4, 28, 0x1p-2, 0.1875, 0.0625",
        "E2M3, 6, 2, 7.5, 1, 0.875, 0.125",
        "E2M1, 4, 2, 6, 1, 0.5, 0.5"
    })
    void theNamedConstantsAreThoseOfTheStandard(
            ElementFormat format,
            int bits,
            int maxExponent,
            double maxNormal,
            double minNormal,
            double maxSubnormal,
            double minSubnormal) {
        int firstNormal = 1 << format.mantissaBits();
        assertThat(format.bits()).isEqualTo(bits);
        assertThat(format.maxExponent()).isEqualTo(maxExponent).isEqualTo(Math.getExponent(maxNormal));
        assertThat((double) format.maxFinite()).isEqualTo(maxNormal);
        assertThat((double) format.decode(firstNormal)).isEqualTo(minNormal);
        assertThat((double) format.decode(firstNormal - 1)).isEqualTo(maxSubnormal);
        assertThat((double) format.decode(1)).isEqualTo(minSubnormal);
    }
}
