package org.mxforge.runtime.engine;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Whether this machine has a GPU for the generated kernels. */
final class GpuPresence {
    private GpuPresence() {}

    static boolean usable() {
        try {
            CudaDevice.first().target();
            return true;
        } catch (MxForgeException e) {
            return false;
        }
    }
}
