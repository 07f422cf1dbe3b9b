package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUresult;

/** What the driver's result codes mean to a user. */
final class CudaError {
    private CudaError() {}

    /** A clause that names the cause and what to do, with the code's name and number. */
    static String sentence(int result) {
        return explanation(result) + " (" + CUresult.stringFor(result) + ", code " + result + ")";
    }

    private static String explanation(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
                "GPU memory is used up; close other programs on the GPU or use a smaller model or window";
            case CUresult.CUDA_ERROR_NO_DEVICE -> "the driver sees no GPU; check nvidia-smi and CUDA_VISIBLE_DEVICES";
            case CUresult.CUDA_ERROR_INVALID_IMAGE, CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU ->
                "the compiled kernel does not fit this GPU";
            case CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
                "the driver is too old for this compiler; update the NVIDIA driver";
            case CUresult.CUDA_ERROR_INVALID_VALUE -> "an argument is out of range, which is a fault in MXForge";
            case CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES ->
                "a block asks for more registers or shared memory than the GPU has";
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                    CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                    CUresult.CUDA_ERROR_LAUNCH_FAILED ->
                "a kernel read or wrote outside its memory, so that the GPU cannot be used until the program is started again";
            case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
                "the NVIDIA driver is not ready; reboot or restart its services";
            default -> "the CUDA driver reported an error";
        };
    }
}
