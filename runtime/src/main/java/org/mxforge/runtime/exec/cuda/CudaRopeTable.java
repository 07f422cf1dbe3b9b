package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;

/** FP32, [positions][half] each. */
record CudaRopeTable(DeviceBuffer cos, DeviceBuffer sin, int rows, int columns) implements RopeTable {}
