package org.mxforge.runtime.cpu;

import org.mxforge.runtime.backend.Vector;

/** A constant FP32 vector. */
record HostVector(float[] values) implements Vector {
    @Override
    public int length() {
        return values.length;
    }
}
