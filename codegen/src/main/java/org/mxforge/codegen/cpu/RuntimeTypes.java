package org.mxforge.codegen.cpu;

import com.palantir.javapoet.ClassName;

/** The runtime's types that CPU kernels use, by name: codegen does not know the runtime. */
final class RuntimeTypes {
    private static final String KERNEL = "org.mxforge.runtime.cpu";
    private static final String QUANT = "org.mxforge.runtime.quant";

    static final ClassName MX_GEMM = ClassName.get(KERNEL, "CpuMxGemm");
    static final ClassName DENSE_GEMM = ClassName.get(KERNEL, "CpuDenseGemm");
    static final ClassName MX_QUANTIZE = ClassName.get(KERNEL, "CpuMxQuantize");
    static final ClassName DECODE_TABLE = ClassName.get(KERNEL, "DecodeTable");
    static final ClassName SILU = ClassName.get(KERNEL, "Silu");
    static final ClassName ROOT_MEAN_SQUARE = ClassName.get(KERNEL, "RootMeanSquare");
    static final ClassName PACKED_MATRIX = ClassName.get(QUANT, "PackedMatrix");
    static final ClassName PACKED_PARTITION = ClassName.get(QUANT, "PackedPartition");

    private RuntimeTypes() {}

    /** The record of operands that a kernel interface declares. */
    static ClassName operands(ClassName kernel) {
        return kernel.nestedClass("Operands");
    }
}
