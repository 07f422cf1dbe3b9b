package org.mxforge.tests.gpu;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Skips properties aloud where there is no GPU. */
public final class NeedsGpu implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        try {
            CudaDevice.first().target();
            return SkipResult.doNotSkip();
        } catch (MxForgeException e) {
            return SkipResult.skip("GPU PROPERTIES ARE SKIPPED, nothing about the GPU was verified: " + e.getMessage());
        }
    }

    /** What kernels for this GPU are emitted for; any where there is none. */
    public static Target target() {
        try {
            return CudaDevice.first().target();
        } catch (MxForgeException e) {
            return Target.SM_90A;
        }
    }
}
