package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;

/** The kernels of the family {@link org.mxforge.dsl.target.KernelFamily#HOPPER}. */
final class HopperKernels {
    static final EmitterRegistry EMITTERS = new EmitterRegistry()
            .with(MxGemmSpec.class, HopperMxGemmEmitter::plain)
            .with(MxGroupedGemmSpec.class, HopperMxGemmEmitter::grouped);

    private HopperKernels() {}
}
