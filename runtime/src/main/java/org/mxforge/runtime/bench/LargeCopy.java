package org.mxforge.runtime.bench;

import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.DeviceArena;
import org.mxforge.runtime.cuda.DeviceBuffer;

/** A copy of 2 GiB within GPU memory: the most bandwidth that a program sees. */
final class LargeCopy implements BenchKernel {
    private static final long BYTES = 2L << 30;
    private static final byte FILLING = 0x5a;

    private final DeviceArena memory;
    private final DeviceBuffer from;
    private final DeviceBuffer to;

    LargeCopy(CudaContext gpu) {
        this.memory = new DeviceArena(gpu);
        try (CudaStream stream = gpu.stream()) {
            this.from = memory.allocate("the copy that bandwidth is measured by", BYTES);
            this.to = memory.allocate("the copy that bandwidth is measured by", BYTES);
            from.fill(stream, FILLING);
            stream.synchronize();
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public int sets() {
        return 1;
    }

    @Override
    public void launch(CudaStream stream, int set) {
        to.copy(stream, 0, from, 0, BYTES);
    }

    @Override
    public double bytes() {
        return 2.0 * BYTES;
    }

    @Override
    public double flops() {
        return 0;
    }

    @Override
    public void close() {
        memory.close();
    }
}
