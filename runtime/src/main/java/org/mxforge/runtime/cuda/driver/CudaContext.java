package org.mxforge.runtime.cuda.driver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUcontext;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;

/**
 * A GPU opened for this process: where its memory, streams and kernels come from. It belongs to the thread that opened it; another
 * thread calls {@link #attach} first.
 */
public final class CudaContext implements DeviceBuffer.Memory, AutoCloseable {
    private final CudaDevice device;
    private final CUcontext handle = new CUcontext();
    private final Queue<CUmodule> modules = new ConcurrentLinkedQueue<>();
    private final LaunchFrames frames = new LaunchFrames();
    private final AtomicLong allocated = new AtomicLong();
    private final AtomicLong allocations = new AtomicLong();

    private CudaContext(CudaDevice device) {
        this.device = device;
        Cuda.check(JCudaDriver.cuDevicePrimaryCtxRetain(handle, CudaDevice.handle(device.ordinal())), "open a context");
        attach();
    }

    /** Opens a GPU. */
    public static CudaContext open(CudaDevice device) {
        return new CudaContext(device);
    }

    /**
     * Opens the first GPU.
     *
     * @throws MxForgeException if there is none, saying why and what to do instead
     */
    public static CudaContext openFirst() {
        CudaDevice device = CudaDevice.first();
        device.target();
        return open(device);
    }

    public CudaDevice device() {
        return device;
    }

    /** Makes this context the one that the calling thread works in. */
    public void attach() {
        Cuda.check(JCudaDriver.cuCtxSetCurrent(handle), "take work from this thread");
    }

    /** Memory that is free on the GPU now, in bytes. */
    public long freeBytes() {
        long[] free = new long[1];
        long[] total = new long[1];
        Cuda.check(JCudaDriver.cuMemGetInfo(free, total), "tell its free memory");
        return free[0];
    }

    @Override
    public long allocatedBytes() {
        return allocated.get();
    }

    /** How often memory was allocated here so far. */
    public long allocations() {
        return allocations.get();
    }

    /** GPU memory of undefined content, aligned to 256 bytes. */
    @Override
    public DeviceBuffer allocate(String purpose, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(purpose + " cannot have " + bytes + " bytes");
        }
        DeviceAddress address = new DeviceAddress();
        int result = JCudaDriver.cuMemAlloc(address, Math.max(bytes, 1));
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new MxForgeException("GPU memory does not suffice for " + purpose + ": " + ByteSize.text(bytes)
                    + " are wanted, and " + ByteSize.text(freeBytes()) + " of "
                    + ByteSize.text(device.totalBytes())
                    + " are free beside " + ByteSize.text(allocatedBytes())
                    + " of this program; close other programs on the GPU, or use a smaller model, batch,"
                    + " context or recipe.");
        }
        Cuda.check(result, "give memory for " + purpose);
        allocated.addAndGet(bytes);
        allocations.incrementAndGet();
        return new DeviceBuffer(address, bytes, size -> {
            JCudaDriver.cuMemFree(address);
            allocated.addAndGet(-size);
        });
    }

    /** A new stream. */
    public CudaStream stream() {
        return new CudaStream();
    }

    /** A new mark for measuring time. */
    public CudaEvent event() {
        return new CudaEvent();
    }

    /**
     * Loads a compiled kernel; it stays loaded until the context closes.
     *
     * @param entryPoint its name in the image
     * @throws MxForgeException if the driver refuses the image or finds no such kernel in it
     */
    public CudaKernel load(CompiledKernel compiled, String entryPoint) {
        CUmodule module = new CUmodule();
        Cuda.check(JCudaDriver.cuModuleLoadData(module, compiled.image()), "load kernel " + entryPoint);
        modules.add(module);
        return LoadedKernel.of(module, entryPoint, frames, device);
    }

    /** Waits until everything asked for on this GPU is done; reports what went wrong in it. */
    public void synchronize() {
        Cuda.check(JCudaDriver.cuCtxSynchronize(), "finish the work it was given");
    }

    @Override
    public void close() {
        modules.forEach(JCudaDriver::cuModuleUnload);
        modules.clear();
        frames.close();
        JCudaDriver.cuDevicePrimaryCtxRelease(CudaDevice.handle(device.ordinal()));
    }
}
