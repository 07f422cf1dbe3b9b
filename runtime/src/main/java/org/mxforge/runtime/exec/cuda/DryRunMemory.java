package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Memory that is counted and not taken. */
final class DryRunMemory implements DeviceBuffer.Memory {
    /** Where the first buffer lies: addresses are not 0. */
    private static final long FIRST = 1L << 20;

    private static final long ALIGNMENT = 256;

    private long next = FIRST;
    private long bytes;

    @Override
    public DeviceBuffer allocate(String purpose, long size) {
        long address = next;
        next += (size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        bytes += size;
        return DeviceBuffer.ofDryRun(address, size, given -> bytes -= given);
    }

    @Override
    public long allocatedBytes() {
        return bytes;
    }
}
