package org.mxforge.runtime.oracle;

/** The rows of a GEMM operand as exact values. */
interface OperandRows {
    int rows();

    int channels();

    /** The values of row {@code row}; not to be written to. */
    double[] row(int row);
}
