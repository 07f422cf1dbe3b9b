package org.mxforge.dsl.format;

/** The non-negative finite values of the element formats: the short tables written out, the long ones from the definition. */
final class OcpTables {
    /** OCP MX v1.0, table 5: E2M1. */
    static final double[] E2M1 = {0, 0.5, 1, 1.5, 2, 3, 4, 6};

    /** OCP MX v1.0, table 4: E2M3. */
    static final double[] E2M3 = {
        0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2, 2.25, 2.5,
        2.75, 3, 3.25, 3.5, 3.75, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5
    };

    /** OCP MX v1.0, table 4: E3M2. */
    static final double[] E3M2 = {
        0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3,
        3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28
    };

    private OcpTables() {}

    /** Values by code, from 0 up to the largest finite one. */
    static double[] finite(ElementFormat format) {
        return switch (format) {
            case E2M1 -> E2M1;
            case E2M3 -> E2M3;
            case E3M2 -> E3M2;
            case E4M3 -> fromFields(127, 3, 7);
            case E5M2 -> fromFields(124, 2, 15);
        };
    }

    private static double[] fromFields(int codes, int mantissaBits, int bias) {
        double[] values = new double[codes];
        for (int code = 0; code < codes; code++) {
            int exponent = code >> mantissaBits;
            double fraction = (code & ((1 << mantissaBits) - 1)) / (double) (1 << mantissaBits);
            values[code] =
                    exponent == 0 ? fraction * Math.pow(2, 1 - bias) : (1 + fraction) * Math.pow(2, exponent - bias);
        }
        return values;
    }
}
