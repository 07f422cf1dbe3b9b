package org.mxforge.runtime.check;

import java.util.List;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.mxforge.tests.gpu.NeedsGpu;

/** Many of each on the GPU, others each time: each kernel on every class of data, several times. */
@Tag("gpu")
@AddLifecycleHook(NeedsGpu.class)
@AddLifecycleHook(KernelProperties.Tries.class)
class KernelPropertiesGpuTest extends KernelProperties {
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    KernelPropertiesGpuTest() {
        super(4, Device.GPU, NeedsGpu.target());
    }

    @Override
    void check(CheckCase of) {
        for (Data data : CheckCase.data(of.variant().spec())) {
            for (long seed : SEEDS) {
                super.check(of.with(data).with(of.seed() + 1000 * seed));
            }
        }
    }
}
