package org.mxforge.runtime.check;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.mxforge.dsl.target.Target;

/** Many of each on the simulator, others each time: {@code mvn verify -Psweep} takes hours for them. */
@AddLifecycleHook(KernelProperties.Tries.class)
class KernelSweep extends KernelProperties {
    KernelSweep() {
        super(40, Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }
}
