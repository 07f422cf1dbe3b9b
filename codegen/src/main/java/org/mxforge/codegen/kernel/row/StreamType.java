package org.mxforge.codegen.kernel.row;

import org.mxforge.dsl.format.ScalarType;

/** C types of BF16 and FP32 numbers in emitted kernels. */
final class StreamType {
    private StreamType() {}

    static String of(ScalarType type) {
        return type == ScalarType.FP32 ? "float" : "unsigned short";
    }
}
