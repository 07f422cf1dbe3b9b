package org.mxforge.runtime.check;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mxforge.dsl.target.Target;

/** A few of each on the simulator, always the same: {@link KernelSweep} draws many and others. */
class KernelPropertiesTest extends KernelProperties {
    KernelPropertiesTest() {
        super(Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }

    @Property(tries = 5, seed = "2026")
    void gemms(@ForAll("gemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 6, seed = "2026")
    void hopperGemms(@ForAll("hopperGemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 3, seed = "2026")
    void grouped(@ForAll("grouped") CheckCase of) {
        check(of);
    }

    @Property(tries = 5, seed = "2026")
    void dense(@ForAll("dense") CheckCase of) {
        check(of);
    }

    @Property(tries = 6, seed = "2026")
    void quantizers(@ForAll("quantizers") CheckCase of) {
        check(of);
    }

    @Property(tries = 6, seed = "2026")
    void passes(@ForAll("passes") CheckCase of) {
        check(of);
    }

    @Property(tries = 4, seed = "2026")
    void attention(@ForAll("attention") CheckCase of) {
        check(of);
    }

    @Property(tries = 24, seed = "2026")
    void rows(@ForAll("rows") CheckCase of) {
        check(of);
    }

    @Property(tries = 3, seed = "2026")
    void operandsSwapped(@ForAll("products") Metamorphic of) {
        of.swapped();
    }

    @Property(tries = 3, seed = "2026")
    void channelsInTwo(@ForAll("products") Metamorphic of) {
        of.split();
    }

    @Property(tries = 3, seed = "2026")
    void channelsPermuted(@ForAll("products") Metamorphic of) {
        of.permuted();
    }

    @Property(tries = 3, seed = "2026")
    void aRowScaled(@ForAll("products") Metamorphic of) {
        of.scaled();
    }
}
