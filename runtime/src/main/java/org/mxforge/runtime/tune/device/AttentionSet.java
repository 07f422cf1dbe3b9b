package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Everything that one run of attention reads and writes.
 *
 * @param arguments where it lies
 * @param out the output
 */
record AttentionSet(AttentionArguments arguments, GuardedOutput out) implements OperandSet {
    @Override
    public void launch(ReadyKernel<Object> kernel, CudaStream stream) {
        kernel.launch(stream, arguments);
    }
}
