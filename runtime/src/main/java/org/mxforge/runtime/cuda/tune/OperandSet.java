package org.mxforge.runtime.cuda.tune;

import org.mxforge.runtime.cuda.DeviceBuffer;

/**
 * Everything that one run of a GEMM reads and writes.
 *
 * @param operands A and B
 * @param extra the epilogue's operand
 * @param d the output, with a margin before and behind
 */
record OperandSet(GemmOperands operands, DeviceBuffer extra, DeviceBuffer d) {
    /** Bytes before and behind the output that no kernel may touch. */
    static final int MARGIN = 4096;

    /** The argument record of the kernel's stem. */
    Object arguments() {
        return operands.arguments(extra.address(), d.address() + MARGIN);
    }
}
