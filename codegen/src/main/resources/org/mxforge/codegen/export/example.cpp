// Loads the kernels of an exported folder that the first GPU can run, and tells what they take.
#include "mxforge_kernels.h"

#include <cstdio>

int main(int count, char **words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: %s FOLDER, the exported one\n", words[0]);
        return 2;
    }
    CUdevice device;
    CUcontext context;
    if (cuInit(0) != CUDA_SUCCESS || cuDeviceGet(&device, 0) != CUDA_SUCCESS ||
        cuDevicePrimaryCtxRetain(&context, device) != CUDA_SUCCESS || cuCtxSetCurrent(context) != CUDA_SUCCESS) {
        std::fprintf(stderr, "there is no GPU that can be used here\n");
        return 1;
    }
    int loaded = 0;
    for (const mxforge_description &about : mxforge_kernels) {
        mxforge_kernel kernel;
        char message[MXFORGE_MESSAGE];
        if (mxforge_load(&kernel, &about, words[1], message) != CUDA_SUCCESS) {
            std::printf("%s: %s\n", about.name, message);
            continue;
        }
        int registers = 0;
        cuFuncGetAttribute(&registers, CU_FUNC_ATTRIBUTE_NUM_REGS, kernel.function);
        std::printf("%s: %u threads of %d registers\n", about.name, about.threads, registers);
        mxforge_unload(&kernel);
        loaded++;
    }
    cuDevicePrimaryCtxRelease(device);
    return loaded > 0 ? 0 : 1;
}
