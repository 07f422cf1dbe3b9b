package org.mxforge.runtime.check;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.mxforge.dsl.target.Target;

/** A first look on the simulator. */
@AddLifecycleHook(KernelProperties.Tries.class)
class KernelPropertiesTest extends KernelProperties {
    KernelPropertiesTest() {
        super(Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }
}
