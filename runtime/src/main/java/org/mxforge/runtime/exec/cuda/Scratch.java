package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** A buffer on loan from a {@link ScratchPool}; closing it gives it back, once. */
final class Scratch implements AutoCloseable {
    private final ScratchPool pool;
    private DeviceBuffer buffer;

    Scratch(ScratchPool pool, DeviceBuffer buffer) {
        this.pool = pool;
        this.buffer = buffer;
    }

    DeviceBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException("this matrix or input was closed");
        }
        return buffer;
    }

    long address() {
        return buffer().address();
    }

    @Override
    public void close() {
        if (buffer != null) {
            pool.giveBack(buffer);
            buffer = null;
        }
    }
}
