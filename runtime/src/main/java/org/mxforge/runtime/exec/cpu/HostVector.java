package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.Vector;

/** A constant FP32 vector. */
record HostVector(float[] values) implements Vector {
    /** {@code vector} as one of this backend's, of the given length. */
    static HostVector of(Vector vector, int length) {
        if (vector instanceof HostVector host && host.length() == length) {
            return host;
        }
        throw new IllegalArgumentException(
                "a vector of " + vector.length() + " values where " + length + " of the CPU backend are needed");
    }

    @Override
    public int length() {
        return values.length;
    }
}
