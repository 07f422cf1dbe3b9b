package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * D[m, n] = epilogue(sum over k of A[m, k] * B[n, k], times the scales of row m and of column n) on INT8 operands, symmetric, with one
 * scale for each row of A and of B. The sum is an exact INT32; it and the product of both scales are rounded to FP32, and so is their
 * product, before the epilogue.
 *
 * @param epilogue what happens to the scaled sum
 * @param output type of D
 */
public record Int8GemmSpec(Epilogue epilogue, ScalarType output) implements KernelSpec {
    public static final String STEM = "int8gemm";

    /** Channels whose products have no sum beyond INT32. */
    public static final int MOST_CHANNELS = Integer.MAX_VALUE / (127 * 127);

    public Int8GemmSpec {
        if (epilogue == null || output == null) {
            throw new IllegalArgumentException("an INT8 GEMM needs an epilogue and an output type");
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "epilogue", epilogue.text(), "out", output.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static Int8GemmSpec read(SpecText fields) {
        return new Int8GemmSpec(Epilogue.parse(fields.next("epilogue")), ScalarType.parse(fields.next("out")));
    }
}
