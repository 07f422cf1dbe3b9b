package org.mxforge.runtime;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Which device a user asks for. */
public enum DeviceKind {
    CPU,
    GPU,
    /** The GPU when there is one that can be used, else the CPU. */
    AUTO;

    /** CPU or GPU, as this machine decides. */
    DeviceKind resolved() {
        return this == AUTO ? (hasGpu() ? GPU : CPU) : this;
    }

    private static boolean hasGpu() {
        try {
            CudaDevice.first().target();
            return true;
        } catch (MxForgeException e) {
            return false;
        }
    }
}
