package org.mxforge.runtime;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Which device a user asks for. */
public enum DeviceKind {
    CPU,
    GPU,
    /** The GPU when there is one that can be used, else the CPU. */
    AUTO;

    /**
     * CPU or GPU, as this machine decides.
     *
     * @param progress warned where there is a GPU that cannot be used
     */
    DeviceKind resolved(Progress progress) {
        if (this != AUTO) {
            return this;
        }
        try {
            return CudaDevice.find().isPresent() ? GPU : CPU;
        } catch (MxForgeException e) {
            progress.warning("the CPU is used: " + e.getMessage());
            return CPU;
        }
    }
}
