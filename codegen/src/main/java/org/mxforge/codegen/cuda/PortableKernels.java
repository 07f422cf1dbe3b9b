package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.MxGemmSpec;

/** The portable family: bf16 mma.sync and cp.async, correct on every GPU from sm_80 on. */
final class PortableKernels {
    /** One line for each kind of kernel. */
    static final EmitterRegistry EMITTERS = new EmitterRegistry()
            .with(MxGemmSpec.class, new MxGemmEmitter())
            .with(DenseGemmSpec.class, new DenseGemmEmitter());

    private PortableKernels() {}
}
