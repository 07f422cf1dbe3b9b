package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.mxforge.dsl.launch.DeviceFact;

/** A kernel in GPU memory. Any thread that works in its context may launch it. */
final class LoadedKernel implements CudaKernel {
    /** Dynamic shared memory that needs no asking: of the 48 KiB that every kernel has, its static shared memory takes a part. */
    private static final int SHARED_BYTES_FOR_ALL = 24 << 10;

    private final String name;
    private final String launching;
    private final Handle function;
    private final boolean early;
    private final LaunchFrames frames;
    private final CudaDevice device;
    private volatile int allowedSharedBytes = SHARED_BYTES_FOR_ALL;

    private LoadedKernel(String name, Handle function, boolean early, LaunchFrames frames, CudaDevice device) {
        this.name = name;
        this.launching = "launch kernel " + name;
        this.function = function;
        this.early = early;
        this.frames = frames;
        this.device = device;
    }

    public static LoadedKernel of(
            CUmodule module, String entryPoint, boolean waits, LaunchFrames frames, CudaDevice device) {
        Handle function = new Handle();
        Cuda.check(JCudaDriver.cuModuleGetFunction(function, module, entryPoint), "find kernel " + entryPoint);
        return new LoadedKernel(
                entryPoint,
                function,
                waits && DriverLaunch.obstacle(device.computeCapability()).isEmpty(),
                frames,
                device);
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
            allow(sharedBytes);
        }
        LaunchFrame frame = frames.take();
        int result;
        try {
            LaunchFrame.HostAddress filled = frame.fill(arguments);
            result = early && stream.recordsBehindKernel()
                    ? DriverLaunch.launch(
                            function.address(),
                            gridX,
                            gridY,
                            gridZ,
                            threads,
                            sharedBytes,
                            stream.address(),
                            filled.value())
                    : JCudaDriver.cuLaunchKernel(
                            function, gridX, gridY, gridZ, threads, 1, 1, sharedBytes, stream.handle(), filled, null);
        } finally {
            // The driver has copied the arguments by now.
            frames.giveBack(frame);
        }
        Cuda.check(result, launching);
        stream.launched();
    }

    @Override
    public long fact(DeviceFact fact) {
        return device.fact(fact);
    }

    /** One thread at a time, so that none lowers what another has raised. */
    private synchronized void allow(int sharedBytes) {
        if (sharedBytes > allowedSharedBytes) {
            Cuda.check(
                    JCudaDriver.cuFuncSetAttribute(
                            function,
                            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                            sharedBytes),
                    "give kernel " + name + " " + sharedBytes + " bytes of shared memory");
            allowedSharedBytes = sharedBytes;
        }
    }

    /** JCuda's function, its value made visible. */
    private static final class Handle extends CUfunction {
        long address() {
            return getNativePointer();
        }
    }
}
