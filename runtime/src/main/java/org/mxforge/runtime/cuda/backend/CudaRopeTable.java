package org.mxforge.runtime.cuda.backend;

import org.mxforge.runtime.backend.RopeTable;
import org.mxforge.runtime.cuda.DeviceBuffer;

/** FP32, [positions][half] each. */
record CudaRopeTable(DeviceBuffer cos, DeviceBuffer sin, int positions, int half) implements RopeTable {}
