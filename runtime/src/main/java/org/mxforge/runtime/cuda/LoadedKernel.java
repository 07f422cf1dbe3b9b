package org.mxforge.runtime.cuda;

import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** A kernel in GPU memory. */
final class LoadedKernel implements CudaKernel {
    /** Dynamic shared memory that needs no asking: of the 48 KiB that every kernel has, its static shared memory takes a part. */
    private static final int SHARED_BYTES_FOR_ALL = 24 << 10;

    private final String name;
    private final CUfunction function;
    private int allowedSharedBytes = SHARED_BYTES_FOR_ALL;

    private LoadedKernel(String name, CUfunction function) {
        this.name = name;
        this.function = function;
    }

    static LoadedKernel of(CUmodule module, String entryPoint) {
        CUfunction function = new CUfunction();
        Cuda.check(JCudaDriver.cuModuleGetFunction(function, module, entryPoint), "find kernel " + entryPoint);
        return new LoadedKernel(entryPoint, function);
    }

    @Override
    public void launch(
            CudaStream stream,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int sharedBytes,
            KernelArguments arguments) {
        if (sharedBytes > allowedSharedBytes) {
            Cuda.check(
                    JCudaDriver.cuFuncSetAttribute(
                            function,
                            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                            sharedBytes),
                    "give kernel " + name + " " + sharedBytes + " bytes of shared memory");
            allowedSharedBytes = sharedBytes;
        }
        NativePointerObject[] pointers =
                arguments.values().stream().map(LoadedKernel::pointer).toArray(NativePointerObject[]::new);
        Cuda.check(
                JCudaDriver.cuLaunchKernel(
                        function,
                        gridX,
                        gridY,
                        gridZ,
                        threads,
                        1,
                        1,
                        sharedBytes,
                        stream.handle(),
                        Pointer.to(pointers),
                        null),
                "launch kernel " + name);
    }

    /** The driver reads each argument, in its own size, through a pointer to it. */
    private static Pointer pointer(Number value) {
        if (value instanceof Long address) {
            return Pointer.to(new long[] {address});
        }
        return value instanceof Integer number
                ? Pointer.to(new int[] {number})
                : Pointer.to(new float[] {value.floatValue()});
    }
}
