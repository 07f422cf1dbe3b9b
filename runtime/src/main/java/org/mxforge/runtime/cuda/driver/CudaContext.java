package org.mxforge.runtime.cuda.driver;

import java.util.ArrayList;
import java.util.List;
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
    /** Priorities of streams: 0 is the last that GPUs have, and all have one before it. */
    private static final int BEHIND_OTHERS = 0;

    private static final int BEFORE_OTHERS = -1;

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

    /**
     * Opens the first {@code count} GPUs, each of which reads the others' memory; the calling thread works in the first.
     *
     * @throws MxForgeException if there are fewer, they differ, or one cannot read another's memory
     */
    public static List<CudaContext> openTogether(int count) {
        int there = CudaDevice.count();
        if (there < count) {
            throw new MxForgeException(count + " GPUs were asked for, and the driver shows " + there
                    + ": ask for as many, or check nvidia-smi and CUDA_VISIBLE_DEVICES");
        }
        List<CudaContext> opened = new ArrayList<>();
        try {
            for (int ordinal = 0; ordinal < count; ordinal++) {
                opened.add(open(CudaDevice.at(ordinal)));
            }
            for (CudaContext gpu : opened) {
                gpu.requireLike(opened.get(0).device);
                gpu.attach();
                opened.stream().filter(other -> other != gpu).forEach(gpu::read);
            }
            opened.get(0).attach();
            return List.copyOf(opened);
        } catch (RuntimeException e) {
            opened.forEach(CudaContext::close);
            throw e;
        }
    }

    private void requireLike(CudaDevice first) {
        if (!device.name().equals(first.name())) {
            throw new MxForgeException("GPUs that share a model must be of one kind, but number " + device.ordinal()
                    + " is an " + device.name() + " and the first is an " + first.name() + ": use one GPU, or"
                    + " CUDA_VISIBLE_DEVICES to choose others");
        }
        device.target();
    }

    /** Makes the memory of {@code other} readable here, the thread's own GPU. */
    private void read(CudaContext other) {
        int[] can = new int[1];
        Cuda.check(
                JCudaDriver.cuDeviceCanAccessPeer(
                        can, CudaDevice.handle(device.ordinal()), CudaDevice.handle(other.device.ordinal())),
                "tell whose memory it reads");
        if (can[0] == 0) {
            throw new MxForgeException("GPU " + device.ordinal() + " cannot read the memory of GPU "
                    + other.device.ordinal() + " (see nvidia-smi topo -p2p r): use one GPU");
        }
        int result = JCudaDriver.cuCtxEnablePeerAccess(other.handle, 0);
        if (result != CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED) {
            Cuda.check(result, "read another GPU's memory");
        }
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
        return new CudaStream(BEFORE_OTHERS);
    }

    /** A new stream whose kernels run where those of other streams leave room. */
    public CudaStream backgroundStream() {
        return new CudaStream(BEHIND_OTHERS);
    }

    /** A new mark for measuring time. */
    public CudaEvent event() {
        return new CudaEvent();
    }

    /** The same of a kernel that begins when what was asked for before it is done. */
    public CudaKernel load(CompiledKernel compiled, String entryPoint) {
        return load(compiled, entryPoint, false);
    }

    /**
     * Loads a compiled kernel; it stays loaded until the context closes.
     *
     * @param entryPoint its name in the image
     * @param waits whether it waits itself for what runs before it, so that it may begin early in a recorded graph
     * @throws MxForgeException if the driver refuses the image or finds no such kernel in it
     */
    public CudaKernel load(CompiledKernel compiled, String entryPoint, boolean waits) {
        CUmodule module = new CUmodule();
        Cuda.check(JCudaDriver.cuModuleLoadData(module, compiled.image()), "load kernel " + entryPoint);
        modules.add(module);
        return LoadedKernel.of(module, entryPoint, waits, frames, device);
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
