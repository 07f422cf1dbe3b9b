package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;

/** FP32, [positions][half] each. */
record CudaRopeTable(Gpu gpu, DeviceBuffer cos, DeviceBuffer sin, int rows, int columns) implements RopeTable {
    @Override
    public void close() {
        gpu.release(cos);
        gpu.release(sin);
    }
}
