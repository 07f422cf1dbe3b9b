package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/** The portable family: bf16 mma.sync and cp.async, correct on every GPU from sm_80 on. */
final class PortableKernels {
    /** One line for each kind of kernel, and one for the plain kernels together. */
    static final EmitterRegistry EMITTERS = RowKernels.register(new EmitterRegistry())
            .with(MxGemmSpec.class, MxGemmEmitter::plain)
            .with(MxGroupedGemmSpec.class, MxGemmEmitter::grouped)
            .with(DenseGemmSpec.class, new DenseGemmEmitter())
            .with(MxQuantizeSpec.class, new MxQuantizeEmitter());

    private PortableKernels() {}
}
