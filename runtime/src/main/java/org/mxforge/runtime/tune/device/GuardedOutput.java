package org.mxforge.runtime.tune.device;

import java.util.Arrays;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * An output of a kernel with a margin before and behind, which a kernel that changes it should not have.
 *
 * @param buffer margins included
 */
record GuardedOutput(DeviceBuffer buffer) {
    /** What bytes hold that no kernel wrote. As BF16, FP16 and FP32 they are a NaN. */
    static final byte POISON = (byte) 0xff;

    /** Bytes before and behind. */
    private static final int MARGIN = 4096;

    static GuardedOutput allocate(DeviceArena memory, String purpose, long bytes) {
        return new GuardedOutput(memory.allocate(purpose, bytes + 2 * MARGIN));
    }

    /** Where the kernel is to write. */
    long address() {
        return buffer.address() + MARGIN;
    }

    /** Makes what was written before be forgotten, in the order of {@code stream}. */
    void poison(CudaStream stream) {
        buffer.fill(stream, POISON);
    }

    /**
     * What {@code kernel} wrote.
     *
     * @throws MxForgeException if it wrote into the margins
     */
    byte[] written(ReadyKernel<?> kernel) {
        byte[] bytes = new byte[Math.toIntExact(buffer.bytes())];
        buffer.download(bytes);
        int end = bytes.length - MARGIN;
        if (!isPoison(bytes, 0, MARGIN) || !isPoison(bytes, end, bytes.length)) {
            throw new MxForgeException(
                    "kernel " + kernel.variant().text() + " writes outside its output, which is a fault in MXForge.");
        }
        return Arrays.copyOfRange(bytes, MARGIN, end);
    }

    private static boolean isPoison(byte[] bytes, int from, int to) {
        byte[] wanted = new byte[to - from];
        Arrays.fill(wanted, POISON);
        return Arrays.equals(bytes, from, to, wanted, 0, wanted.length);
    }
}
