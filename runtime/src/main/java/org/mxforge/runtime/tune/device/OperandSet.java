package org.mxforge.runtime.tune.device;

import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** Everything in GPU memory that one run of a kernel reads and writes. */
sealed interface OperandSet permits GemmSet, QuantizeSet, AttentionSet, JudgedSet {
    /** Launches {@code kernel}, and whatever comes before it, on {@code stream}; does not wait. */
    void launch(ReadyKernel<Object> kernel, CudaStream stream);
}
