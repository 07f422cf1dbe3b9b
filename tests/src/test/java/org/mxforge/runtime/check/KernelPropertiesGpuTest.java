package org.mxforge.runtime.check;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.mxforge.tests.gpu.NeedsGpu;

/** Many of each on the GPU, others each time: each kernel on every class of data, several times. */
@Tag("gpu")
@AddLifecycleHook(NeedsGpu.class)
class KernelPropertiesGpuTest extends KernelProperties {
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    KernelPropertiesGpuTest() {
        super(Device.GPU, NeedsGpu.target());
    }

    @Override
    void check(CheckCase of) {
        for (Data data : CheckCase.data(of.variant().spec())) {
            for (long seed : SEEDS) {
                super.check(of.with(data).with(of.seed() + 1000 * seed));
            }
        }
    }

    @Property(tries = 20)
    void gemms(@ForAll("gemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 20)
    void hopperGemms(@ForAll("hopperGemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 15)
    void grouped(@ForAll("grouped") CheckCase of) {
        check(of);
    }

    @Property(tries = 20)
    void dense(@ForAll("dense") CheckCase of) {
        check(of);
    }

    @Property(tries = 20)
    void quantizers(@ForAll("quantizers") CheckCase of) {
        check(of);
    }

    @Property(tries = 20)
    void passes(@ForAll("passes") CheckCase of) {
        check(of);
    }

    @Property(tries = 20)
    void attention(@ForAll("attention") CheckCase of) {
        check(of);
    }

    @Property(tries = 60)
    void rows(@ForAll("rows") CheckCase of) {
        check(of);
    }

    @Property(tries = 15)
    void operandsSwapped(@ForAll("products") Metamorphic of) {
        of.swapped();
    }

    @Property(tries = 15)
    void channelsInTwo(@ForAll("products") Metamorphic of) {
        of.split();
    }

    @Property(tries = 15)
    void channelsPermuted(@ForAll("products") Metamorphic of) {
        of.permuted();
    }

    @Property(tries = 15)
    void aRowScaled(@ForAll("products") Metamorphic of) {
        of.scaled();
    }
}
