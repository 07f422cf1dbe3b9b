package org.mxforge.runtime.check;

import static org.mxforge.tests.check.KernelCases.assertRight;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelCases;
import org.mxforge.tests.check.KernelSpecs;

/** Random kernels of every kind, in random algorithms, configurations, sizes and data: what they compute is right. */
abstract class KernelProperties {
    private static final int MOST_PARTITIONS = 3;

    private static final Checker CHECKER = new Checker();

    private final Device device;
    private final Target[] targets;

    KernelProperties(Device device, Target... targets) {
        this.device = device;
        this.targets = targets;
    }

    @AfterContainer
    static void close() {
        CHECKER.close();
    }

    void check(CheckCase of) {
        assertRight(CHECKER, of);
    }

    private Arbitrary<CheckCase> cases(Arbitrary<? extends KernelSpec> specs) {
        return KernelCases.of(specs, device, targets);
    }

    @Provide
    Arbitrary<CheckCase> gemms() {
        return cases(KernelSpecs.gemm(MOST_PARTITIONS));
    }

    /** Those that fold scales into FP8, and the others that their target has. */
    @Provide
    Arbitrary<CheckCase> hopperGemms() {
        return KernelCases.of(
                KernelSpecs.gemm(MOST_PARTITIONS).filter(spec -> spec.groups().isMx()), device, Target.SM_90A);
    }

    @Provide
    Arbitrary<CheckCase> grouped() {
        return cases(KernelSpecs.grouped(MOST_PARTITIONS));
    }

    @Provide
    Arbitrary<CheckCase> dense() {
        return cases(KernelSpecs.dense());
    }

    @Provide
    Arbitrary<CheckCase> quantizers() {
        return cases(KernelSpecs.quantize(MOST_PARTITIONS));
    }

    @Provide
    Arbitrary<CheckCase> passes() {
        return cases(KernelSpecs.passes());
    }

    @Provide
    Arbitrary<CheckCase> attention() {
        return cases(KernelSpecs.attention());
    }

    @Provide
    Arbitrary<CheckCase> rows() {
        return cases(KernelSpecs.plain());
    }
}
