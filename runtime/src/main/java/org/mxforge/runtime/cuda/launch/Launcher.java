package org.mxforge.runtime.cuda.launch;

import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;

/**
 * Launches one variant of a kernel. Emitted launchers have a public constructor without parameters and no state, so one
 * instance serves all threads.
 *
 * @param <A> the argument record of the kernel's stem
 */
@FunctionalInterface
public interface Launcher<A> {
    /**
     * Checks {@code arguments} and puts the launch on {@code stream}; does not wait for it.
     *
     * @param kernel the loaded kernel of the variant that this launcher was emitted for
     * @throws IllegalArgumentException naming the argument that does not fit, before anything is launched
     */
    void launch(CudaKernel kernel, CudaStream stream, A arguments);
}
