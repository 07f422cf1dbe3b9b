package org.mxforge.runtime.check;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/** A first look on the simulator. */
@AddLifecycleHook(KernelProperties.Tries.class)
class KernelPropertiesTest extends SimulatedProperties {
    KernelPropertiesTest() {
        super(FIRST_LOOK);
    }
}
