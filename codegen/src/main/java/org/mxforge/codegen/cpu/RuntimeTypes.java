package org.mxforge.codegen.cpu;

import com.palantir.javapoet.ClassName;

/** The runtime's types that CPU kernels use, by name: codegen does not know the runtime. */
public final class RuntimeTypes {
    private static final String KERNEL = "org.mxforge.runtime.cpu";
    private static final String QUANT = "org.mxforge.runtime.quant";

    public static final ClassName MX_GEMM = ClassName.get(KERNEL, "CpuMxGemm");
    public static final ClassName DENSE_GEMM = ClassName.get(KERNEL, "CpuDenseGemm");
    public static final ClassName MX_QUANTIZE = ClassName.get(KERNEL, "CpuMxQuantize");
    public static final ClassName DECODE_TABLE = ClassName.get(KERNEL, "DecodeTable");
    public static final ClassName SILU = ClassName.get(KERNEL, "Silu");
    public static final ClassName ROOT_MEAN_SQUARE = ClassName.get(KERNEL, "RootMeanSquare");
    public static final ClassName PACKED_MATRIX = ClassName.get(QUANT, "PackedMatrix");
    public static final ClassName PACKED_PARTITION = ClassName.get(QUANT, "PackedPartition");

    private RuntimeTypes() {}

    /** The record of operands that a kernel interface declares. */
    public static ClassName operands(ClassName kernel) {
        return kernel.nestedClass("Operands");
    }
}
