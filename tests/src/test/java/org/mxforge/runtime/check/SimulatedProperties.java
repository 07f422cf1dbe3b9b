package org.mxforge.runtime.check;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelCases;
import org.mxforge.tests.check.KernelSpecs;

/** Those on the simulator: of kernels for GPUs that run tests, and of those that only sm_120a has. */
abstract class SimulatedProperties extends KernelProperties {
    /** @param times as many as in a first look */
    SimulatedProperties(int times) {
        super(times, Device.SIMULATOR, Target.SM_80, Target.SM_90A);
    }

    @Property(tries = 8)
    void scaledGemms(@ForAll("scaledGemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 3)
    void scaledGrouped(@ForAll("scaledGrouped") CheckCase of) {
        check(of);
    }

    @Provide
    Arbitrary<CheckCase> scaledGemms() {
        return scaled(KernelSpecs.gemm(MOST_PARTITIONS));
    }

    @Provide
    Arbitrary<CheckCase> scaledGrouped() {
        return scaled(KernelSpecs.grouped(MOST_PARTITIONS));
    }

    private static Arbitrary<CheckCase> scaled(Arbitrary<? extends KernelSpec> specs) {
        return KernelCases.of(specs, Device.SIMULATOR, Target.SM_120A)
                .filter(of -> of.variant().algorithm().name().equals(MxGemmKind.MMA_SCALED.name()));
    }
}
