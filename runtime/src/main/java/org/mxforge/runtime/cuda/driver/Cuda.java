package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.nvrtc.JCudaNatives;

/** The driver binding: loaded once, its result codes turned into sentences. */
final class Cuda {
    private Cuda() {}

    /**
     * Loads and starts the driver.
     *
     * @throws MxForgeException if this machine has none
     */
    static void initialize() {
        int result;
        try {
            result = start();
        } catch (LinkageError e) {
            throw noGpu("the NVIDIA driver, libcuda.so.1, is not installed", e);
        }
        if (result != CUresult.CUDA_SUCCESS) {
            throw noGpu(CudaError.sentence(result), null);
        }
    }

    /**
     * Whether there is a driver, and a GPU that it shows.
     *
     * @throws MxForgeException if there is a driver that does not start
     */
    static boolean showsGpu() {
        int result;
        try {
            result = start();
        } catch (LinkageError e) {
            return false;
        }
        if (result != CUresult.CUDA_SUCCESS && result != CUresult.CUDA_ERROR_NO_DEVICE) {
            throw noGpu(CudaError.sentence(result), null);
        }
        return result == CUresult.CUDA_SUCCESS;
    }

    private static int start() {
        JCudaNatives.load("JCudaDriver", () -> JCudaDriver.setExceptionsEnabled(false));
        return JCudaDriver.cuInit(0);
    }

    static MxForgeException noGpu(String reason, Throwable cause) {
        return new MxForgeException("No CUDA GPU was found (" + reason + "): use --device cpu.", cause);
    }

    /**
     * Passes a success.
     *
     * @param action what was attempted, to be read after "could not"
     * @throws MxForgeException for every other code, saying what it means and what to do
     */
    public static void check(int result, String action) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new MxForgeException("The GPU could not " + action + ": " + CudaError.sentence(result) + ".");
        }
    }
}
