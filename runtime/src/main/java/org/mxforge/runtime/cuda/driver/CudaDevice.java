package org.mxforge.runtime.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;

/**
 * A GPU.
 *
 * @param ordinal its number among those the driver shows
 * @param name such as {@code NVIDIA H200}
 * @param computeCapability ten times, such as 90
 * @param multiprocessors streaming multiprocessors
 * @param sharedBytes shared memory of a multiprocessor
 * @param totalBytes its memory
 * @param cacheBytes its L2 cache
 * @param driver CUDA version of the driver, such as {@code 13.0}
 */
public record CudaDevice(
        int ordinal,
        String name,
        int computeCapability,
        int multiprocessors,
        int sharedBytes,
        long totalBytes,
        long cacheBytes,
        String driver) {
    /**
     * The first GPU of this machine.
     *
     * @throws MxForgeException if there is no driver, no GPU, or only one that is too old
     */
    public static CudaDevice first() {
        return at(0);
    }

    /**
     * The first GPU of this machine, if it has one.
     *
     * @throws MxForgeException if there is one that cannot be used: its driver does not start, or it is too old
     */
    public static Optional<CudaDevice> find() {
        if (!Cuda.showsGpu()) {
            return Optional.empty();
        }
        CudaDevice device = first();
        device.target();
        return Optional.of(device);
    }

    /** How many the driver shows. */
    static int count() {
        Cuda.initialize();
        int[] count = new int[1];
        Cuda.check(JCudaDriver.cuDeviceGetCount(count), "be counted");
        return count[0];
    }

    /**
     * The GPU with this number.
     *
     * @throws MxForgeException as {@link #first()} does
     */
    static CudaDevice at(int ordinal) {
        Cuda.initialize();
        CUdevice handle = handle(ordinal);
        byte[] name = new byte[256];
        long[] bytes = new long[1];
        int[] driver = new int[1];
        Cuda.check(JCudaDriver.cuDeviceGetName(name, name.length, handle), "tell its name");
        Cuda.check(JCudaDriver.cuDeviceTotalMem(bytes, handle), "tell its memory");
        Cuda.check(JCudaDriver.cuDriverGetVersion(driver), "tell its driver's version");
        int capability = 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, handle)
                + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, handle);
        return new CudaDevice(
                ordinal,
                text(name),
                capability,
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, handle),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR, handle),
                bytes[0],
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE, handle),
                driver[0] / 1000 + "." + driver[0] % 1000 / 10);
    }

    /**
     * What kernels for this GPU are generated for.
     *
     * @throws MxForgeException if the GPU is too old
     */
    public Target target() {
        try {
            return Target.forComputeCapability(computeCapability);
        } catch (IllegalArgumentException e) {
            throw Cuda.noGpu(name + ": " + e.getMessage(), e);
        }
    }

    /** How code for {@link #target()} reaches this GPU. */
    public ImageKind imageKind() {
        return ImageKind.reaching(target(), computeCapability);
    }

    /** What keeps kernels of a recording from beginning while those before them run ({@code doctor} tells it); nothing if they do. */
    public Optional<String> obstacleToEarlyKernels() {
        return DriverLaunch.obstacle(computeCapability);
    }

    long fact(DeviceFact fact) {
        return switch (fact) {
            case MULTIPROCESSORS -> multiprocessors;
            case SHARED_MEMORY_PER_MULTIPROCESSOR -> sharedBytes;
        };
    }

    static CUdevice handle(int ordinal) {
        CUdevice handle = new CUdevice();
        int result = JCudaDriver.cuDeviceGet(handle, ordinal);
        if (result != CUresult.CUDA_SUCCESS) {
            throw Cuda.noGpu(CudaError.sentence(result), null);
        }
        return handle;
    }

    private static int attribute(int attribute, CUdevice handle) {
        int[] value = new int[1];
        Cuda.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, handle), "tell what it can do");
        return value[0];
    }

    private static String text(byte[] zeroTerminated) {
        int length = 0;
        while (length < zeroTerminated.length && zeroTerminated[length] != 0) {
            length++;
        }
        return new String(zeroTerminated, 0, length, StandardCharsets.UTF_8);
    }
}
