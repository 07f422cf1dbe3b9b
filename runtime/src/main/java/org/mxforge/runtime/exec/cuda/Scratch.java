package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Memory on loan; closing it gives it back, once. */
final class Scratch implements AutoCloseable {
    private final Runnable giveBack;
    private DeviceBuffer buffer;

    Scratch(DeviceBuffer buffer, Runnable giveBack) {
        this.buffer = buffer;
        this.giveBack = giveBack;
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
            buffer = null;
            giveBack.run();
        }
    }
}
