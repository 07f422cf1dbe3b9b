package org.mxforge.runtime.check;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Many of each on the simulator, others each time: {@code mvn verify -Psweep} takes hours for them. */
@AddLifecycleHook(KernelProperties.Tries.class)
class KernelSweep extends SimulatedProperties {
    KernelSweep() {
        super(40);
    }
}
