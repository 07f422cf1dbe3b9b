package org.mxforge.runtime.tune.device;

import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * A loaded pass over an operand.
 *
 * @param arguments the record of its stem
 */
record ReadyPass(ReadyKernel<Object> kernel, Object arguments) {
    void launch(CudaStream stream) {
        kernel.launch(stream, arguments);
    }
}
