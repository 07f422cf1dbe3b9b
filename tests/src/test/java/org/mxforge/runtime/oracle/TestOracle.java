package org.mxforge.runtime.oracle;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.quant.PackedMatrix;

/** Parts of the oracle that tests of other packages judge by, and no program needs. */
public final class TestOracle {
    private TestOracle() {}

    /** The values of a packed matrix, row by row. */
    public static double[] values(PackedMatrix matrix) {
        return Dequantizer.values(matrix);
    }

    /** {@code value} rounded to the nearest of {@code type}, ties to even. */
    public static float round(double value, ScalarType type) {
        return OutputRounding.round(value, type);
    }
}
