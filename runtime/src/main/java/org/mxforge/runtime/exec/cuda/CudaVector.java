package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Vector;

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
