package org.mxforge.runtime.tune.device;

import java.util.List;

/** Both operands of a GEMM in GPU memory, and how its kernels are told of them. */
sealed interface GemmOperands permits GroupedOperands, Int8Operands, PackedOperands, PlainOperands {
    int m();

    int n();

    /** What is launched before, in order. */
    default List<ReadyPass> passes() {
        return List.of();
    }

    /** The argument record of the kernel's stem. */
    Object arguments(long epilogueOperand, long d);
}
