package org.mxforge.codegen.kernel.gemm;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;

/** The type of D: how the emitted kernel reads, rounds and stores it. */
sealed interface GemmOutput extends OutputModel {
    static GemmOutput of(ScalarType type) {
        return switch (type) {
            case BF16 -> new Bf16Output();
            case FP16 -> new Fp16Output();
            case FP32 -> new Fp32Output();
        };
    }

    /** What the emitted kernel calls {@code Output}. */
    static String cType(ScalarType type) {
        return switch (type) {
            case BF16, FP16 -> "unsigned short";
            case FP32 -> "float";
        };
    }

    record Bf16Output() implements GemmOutput {}

    record Fp16Output() implements GemmOutput {}

    record Fp32Output() implements GemmOutput {}
}
