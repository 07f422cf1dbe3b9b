package org.mxforge.runtime.cuda.driver;

import org.mxforge.dsl.launch.DeviceFact;

/** A kernel that can be launched. An interface, so that launchers can be tested without a GPU. */
public interface CudaKernel {
    /**
     * Launches on {@code stream}, without waiting.
     *
     * @param threads threads of a block, in one dimension
     * @param sharedBytes dynamic shared memory of a block
     * @throws org.mxforge.runtime.base.MxForgeException if the driver refuses the launch
     */
    void launch(
            CudaStream stream,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int sharedBytes,
            KernelArguments arguments);

    /** What the GPU that it is loaded on says about itself. */
    long fact(DeviceFact fact);
}
