package org.mxforge.runtime.cli.bench;

import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** A copy of 2 GiB within GPU memory: the most bandwidth that a program sees. */
final class LargeCopy implements AutoCloseable {
    private static final long BYTES = 2L << 30;
    private static final byte FILLING = 0x5a;
    private static final int WARM_UP = 3;
    private static final int TIMED = 30;

    private final CudaContext gpu;
    private final DeviceArena memory;
    private final CudaStream stream;
    private final DeviceBuffer from;
    private final DeviceBuffer to;

    LargeCopy(CudaContext gpu) {
        this.gpu = gpu;
        this.memory = new DeviceArena(gpu);
        this.stream = gpu.stream();
        try {
            this.from = memory.allocate("the copy that bandwidth is measured by", BYTES);
            this.to = memory.allocate("the copy that bandwidth is measured by", BYTES);
            from.fill(stream, FILLING);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * What it reads and writes. Copies are put on a stream one after the other, where each is so long that the host keeps ahead: as
     * nodes of a graph they ran at 2.44 TB/s on an H100 on which they reach 3.02 so.
     */
    Rate rate() {
        copy(WARM_UP);
        try (CudaEvent begin = gpu.event();
                CudaEvent end = gpu.event()) {
            begin.record(stream);
            copy(TIMED);
            end.record(stream);
            return new Rate(end.millisSince(begin) / TIMED, 2.0 * BYTES, 0);
        }
    }

    private void copy(int times) {
        for (int i = 0; i < times; i++) {
            to.copy(stream, 0, from, 0, BYTES);
        }
    }

    @Override
    public void close() {
        memory.close();
        stream.close();
    }
}
