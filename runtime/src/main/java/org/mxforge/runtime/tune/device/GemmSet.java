package org.mxforge.runtime.tune.device;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * Everything that one run of a GEMM reads and writes.
 *
 * @param operands A and B
 * @param extra the epilogue's operand
 * @param d the output
 */
record GemmSet(GemmOperands operands, DeviceBuffer extra, GuardedOutput d) implements OperandSet {
    @Override
    public Object arguments() {
        return operands.arguments(extra.address(), d.address());
    }
}
