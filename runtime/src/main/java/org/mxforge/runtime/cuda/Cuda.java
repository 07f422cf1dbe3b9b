package org.mxforge.runtime.cuda;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.MxForgeException;

/** The driver binding: turned on once, its result codes turned into sentences. */
final class Cuda {
    static {
        JCudaDriver.setExceptionsEnabled(false);
    }

    private Cuda() {}

    /** Makes sure that the driver library is loaded. */
    static void initialize() {
        check(JCudaDriver.cuInit(0), "start the CUDA driver");
    }

    /**
     * Passes a success.
     *
     * @param action what was attempted, to be read after "could not"
     * @throws MxForgeException for every other code, saying what it means and what to do
     */
    static void check(int result, String action) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new MxForgeException("The GPU could not " + action + ": " + CudaError.sentence(result) + ".");
        }
    }
}
