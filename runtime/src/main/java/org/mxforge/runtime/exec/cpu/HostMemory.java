package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.base.MxForgeException;

/** Large arrays, and a clear sentence when there is no room for one. */
final class HostMemory {
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private HostMemory() {}

    static float[] floats(long count) {
        try {
            if (count <= LONGEST) {
                return new float[(int) count];
            }
        } catch (OutOfMemoryError e) {
            throw full(count * Float.BYTES, e);
        }
        throw new MxForgeException("an array of " + count
                + " values is too long for the CPU backend: use a shorter window, a smaller batch or a smaller cache");
    }

    /** {@code rows} arrays of {@code columns} values. */
    static float[][] floats(int rows, int columns) {
        try {
            return new float[rows][columns];
        } catch (OutOfMemoryError e) {
            throw full((long) rows * columns * Float.BYTES, e);
        }
    }

    private static MxForgeException full(long wanted, OutOfMemoryError e) {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        return new MxForgeException(
                "out of memory: " + wanted + " bytes wanted, " + free
                        + " free in the Java heap: give it more with -Xmx or use a shorter window",
                e);
    }
}
