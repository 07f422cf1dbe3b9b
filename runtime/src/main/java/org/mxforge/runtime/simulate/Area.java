package org.mxforge.runtime.simulate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mxforge.runtime.simulate.ptx.PtxKernel;

/** A piece of memory that accesses must stay within: an array in global memory, or the shared memory of a block. */
final class Area {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final String name;
    final long base;
    final byte[] bytes;
    private final boolean[] written;
    private int[] copies;
    private AccessLog log;
    private boolean gone;
    private boolean result;

    Area(String name, long base, int size) {
        this.name = name;
        this.base = base;
        this.bytes = new byte[size];
        this.written = new boolean[size];
    }

    /** The accesses of the launch that runs. */
    AccessLog log() {
        if (log == null) {
            log = new AccessLog(bytes.length);
        }
        return log;
    }

    /** Each byte of it is to be written once, by one thread. */
    Area asResult() {
        result = true;
        return this;
    }

    boolean isResult() {
        return result;
    }

    /** Its block has ended: another may get the memory. */
    void leave() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** A launch is over: what comes is after all of it. */
    void forgetAccesses() {
        log = null;
    }

    /** Whether kernels before or behind see it, too. */
    boolean isGlobal() {
        return base > PtxKernel.VARIABLES;
    }

    boolean contains(long offset, int count) {
        return offset >= 0 && offset + count <= bytes.length;
    }

    boolean isWritten(int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (!written[i]) {
                return false;
            }
        }
        return true;
    }

    void markWritten(int offset, int count) {
        Arrays.fill(written, offset, offset + count, true);
    }

    /** How many bytes nobody has written. */
    int neverWritten() {
        int count = 0;
        for (boolean one : written) {
            count += one ? 0 : 1;
        }
        return count;
    }

    /** Begins or ends an asynchronous copy to some bytes. */
    void copying(int offset, int count, int change) {
        if (copies == null) {
            copies = new int[bytes.length];
        }
        for (int i = offset; i < offset + count; i++) {
            copies[i] += change;
        }
    }

    boolean isBeingCopied(int offset, int count) {
        if (copies != null) {
            for (int i = offset; i < offset + count; i++) {
                if (copies[i] != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    long get(int offset, int count) {
        return switch (count) {
            case 1 -> bytes[offset] & 0xff;
            case 2 -> (short) SHORTS.get(bytes, offset) & 0xffff;
            case 4 -> (int) INTS.get(bytes, offset) & 0xffffffffL;
            default -> (long) LONGS.get(bytes, offset);
        };
    }

    void put(int offset, int count, long value) {
        switch (count) {
            case 1 -> bytes[offset] = (byte) value;
            case 2 -> SHORTS.set(bytes, offset, (short) value);
            case 4 -> INTS.set(bytes, offset, (int) value);
            default -> LONGS.set(bytes, offset, value);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
