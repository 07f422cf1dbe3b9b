package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxUnpackSpec;

/** Plans the unpacking of weights from fragments. */
final class MxUnpackEmitter implements KernelEmitter<MxUnpackSpec> {
    @Override
    public KernelPlan plan(MxUnpackSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        MxUnpack model = new MxUnpack(
                spec.identifier(),
                threads,
                HopperMxGemm.fragments(spec.format()),
                spec.format().text(),
                new FragmentTile(spec.format()).blockBytes());
        return new KernelPlan("hopper/mxunpack", model, threads, 0);
    }

    /** The kernel. */
    record MxUnpack(String name, int threads, OutputModel decoder, String format, int blockBytes)
            implements OutputModel {}
}
