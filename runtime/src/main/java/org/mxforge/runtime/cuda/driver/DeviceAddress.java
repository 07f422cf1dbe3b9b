package org.mxforge.runtime.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** JCuda's device pointer, its value made visible. */
final class DeviceAddress extends CUdeviceptr {
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
