package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.HopperGemm;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;

/** The kernels of the family {@link org.mxforge.dsl.target.KernelFamily#HOPPER}. */
final class HopperKernels {
    private static final KernelEmitter<MxGemmSpec> STREAM = new HopperStreamGemmEmitter();

    static final EmitterRegistry EMITTERS = new EmitterRegistry()
            .with(MxGemmSpec.class, HopperKernels::gemm)
            .with(MxGroupedGemmSpec.class, HopperMxGemmEmitter::grouped)
            .with(MxQuantizeSpec.class, new HopperMxQuantizeEmitter())
            .with(MxExpandSpec.class, new MxExpandEmitter())
            .with(MxUnpackSpec.class, new MxUnpackEmitter());

    private HopperKernels() {}

    private static KernelPlan gemm(MxGemmSpec spec, KernelVariant variant) {
        return switch (HopperGemm.of(variant.configuration())) {
            case WGMMA -> HopperMxGemmEmitter.plain(spec, variant);
            case STREAM -> STREAM.plan(spec, variant);
        };
    }
}
