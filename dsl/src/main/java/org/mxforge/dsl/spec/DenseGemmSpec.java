package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * D[m, n] = epilogue(sum over k of A[m, k] * B[n, k]) on plain operands, for the layers that stay unquantized and for the
 * BF16 recipe. A is [M][K] BF16 (FP32 on the CPU target), B is [N][K] BF16, D is [M][N]; FP32 accumulation.
 *
 * @param epilogue what happens to the accumulator
 * @param output type of D
 */
public record DenseGemmSpec(Epilogue epilogue, ScalarType output) implements KernelSpec {
    public static final String STEM = "densegemm";

    public DenseGemmSpec {
        if (epilogue == null || output == null) {
            throw new IllegalArgumentException("a dense GEMM needs an epilogue and an output type");
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
    public static DenseGemmSpec read(SpecText fields) {
        return new DenseGemmSpec(Epilogue.parse(fields.next("epilogue")), ScalarType.parse(fields.next("out")));
    }
}
