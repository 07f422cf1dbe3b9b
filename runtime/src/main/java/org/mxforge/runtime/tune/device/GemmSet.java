package org.mxforge.runtime.tune.device;

import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Everything that one run of a GEMM reads and writes.
 *
 * @param operands A and B
 * @param epilogueOperand the epilogue's operand
 * @param d the output
 */
record GemmSet(GemmOperands operands, DeviceBuffer epilogueOperand, GuardedOutput d) implements OperandSet {
    @Override
    public void launch(ReadyKernel<Object> kernel, CudaStream stream) {
        operands.passes().forEach(pass -> pass.launch(stream));
        kernel.launch(stream, operands.arguments(epilogueOperand.address(), d.address()));
    }
}
