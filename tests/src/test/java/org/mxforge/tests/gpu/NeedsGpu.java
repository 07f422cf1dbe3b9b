package org.mxforge.tests.gpu;

import java.lang.reflect.Method;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.driver.CudaDevice;

/** Skips properties aloud where there is no GPU, and those of other parts where a {@link GpuShard} is asked for. */
public final class NeedsGpu implements SkipExecutionHook {
    /** Each property goes to a part of its own. */
    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        try {
            CudaDevice.first().target();
            return context.optionalElement().filter(Method.class::isInstance).isEmpty()
                            || GpuShard.isIn(context.label())
                    ? SkipResult.doNotSkip()
                    : SkipResult.skip("in another part of the GPU tests");
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
