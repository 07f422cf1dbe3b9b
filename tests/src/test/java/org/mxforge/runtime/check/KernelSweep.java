package org.mxforge.runtime.check;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mxforge.dsl.target.Target;

/** Many of each on the simulator, others each time: {@code mvn verify -Psweep} takes hours for them. */
class KernelSweep extends KernelProperties {
    KernelSweep() {
        super(Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }

    @Property(tries = 200)
    void gemms(@ForAll("gemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 240)
    void hopperGemms(@ForAll("hopperGemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 120)
    void grouped(@ForAll("grouped") CheckCase of) {
        check(of);
    }

    @Property(tries = 200)
    void dense(@ForAll("dense") CheckCase of) {
        check(of);
    }

    @Property(tries = 240)
    void quantizers(@ForAll("quantizers") CheckCase of) {
        check(of);
    }

    @Property(tries = 240)
    void passes(@ForAll("passes") CheckCase of) {
        check(of);
    }

    @Property(tries = 160)
    void attention(@ForAll("attention") CheckCase of) {
        check(of);
    }

    @Property(tries = 960)
    void rows(@ForAll("rows") CheckCase of) {
        check(of);
    }

    @Property(tries = 100)
    void operandsSwapped(@ForAll("products") Metamorphic of) {
        of.swapped();
    }

    @Property(tries = 100)
    void channelsInTwo(@ForAll("products") Metamorphic of) {
        of.split();
    }

    @Property(tries = 100)
    void channelsPermuted(@ForAll("products") Metamorphic of) {
        of.permuted();
    }

    @Property(tries = 100)
    void aRowScaled(@ForAll("products") Metamorphic of) {
        of.scaled();
    }
}
