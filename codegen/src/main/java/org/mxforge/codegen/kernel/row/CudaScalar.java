package org.mxforge.codegen.kernel.row;

import org.mxforge.dsl.format.ScalarType;

/** The CUDA types of BF16 and FP32 numbers in emitted kernels. */
final class CudaScalar {
    private CudaScalar() {}

    static String of(ScalarType type) {
        return type == ScalarType.FP32 ? "float" : "unsigned short";
    }
}
