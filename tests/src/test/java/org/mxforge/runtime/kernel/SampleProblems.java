package org.mxforge.runtime.kernel;

import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.Side;

/** Problems by short texts: a spec and the name of an algorithm that reads operands as they lie, {@code SPEC|ALGORITHM}. */
public final class SampleProblems {
    private SampleProblems() {}

    public static KernelProblem of(String text) {
        String[] parts = text.split("\\|");
        KernelSpec spec = KernelSpec.parse(parts[0]);
        return new KernelProblem(spec, KernelKinds.algorithm(spec, parts[1]).layout(Side.WEIGHT));
    }

    /** Of E2M1 in BF16 without an epilogue, exact. */
    public static KernelProblem gemm(String algorithm) {
        return of("mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|" + algorithm);
    }

    /** The same of experts. */
    public static KernelProblem grouped(String algorithm) {
        return of("mxgroupedgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|" + algorithm);
    }

    /** A quantizer of BF16 to E2M1 without a prologue, exact. */
    public static KernelProblem quantizer(String algorithm) {
        return of(
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact|"
                        + algorithm);
    }
}
