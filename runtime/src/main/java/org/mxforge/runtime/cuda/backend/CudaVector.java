package org.mxforge.runtime.cuda.backend;

import org.mxforge.runtime.backend.Vector;
import org.mxforge.runtime.cuda.DeviceBuffer;

/** A constant vector in BF16. */
record CudaVector(DeviceBuffer values, int length) implements Vector {
    static CudaVector of(Vector vector, int length) {
        CudaVector cuda = (CudaVector) vector;
        if (cuda.length != length) {
            throw new IllegalArgumentException("a vector of " + cuda.length + " values on " + length + " columns");
        }
        return cuda;
    }

    long address() {
        return values.address();
    }
}
