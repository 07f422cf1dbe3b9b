package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/** The kernels of the family {@link org.mxforge.dsl.target.KernelFamily#HOPPER}. */
final class HopperKernels {
    static final EmitterRegistry EMITTERS = new EmitterRegistry()
            .with(MxGemmSpec.class, new HopperMxGemmEmitter())
            .with(MxQuantizeSpec.class, new HopperMxQuantizeEmitter());

    private HopperKernels() {}
}
