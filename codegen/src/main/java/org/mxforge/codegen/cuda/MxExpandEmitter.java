package org.mxforge.codegen.cuda;

import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;

/** Plans the expansion of packed codes. */
final class MxExpandEmitter implements KernelEmitter<MxExpandSpec> {
    @Override
    public KernelPlan plan(MxExpandSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        ElementFormat format = spec.format();
        MxExpand model = new MxExpand(
                spec.identifier(),
                threads,
                DeviceFunctions.cuda().strip(),
                MxGemm.PackedCodes.of(format.bits()),
                MxGemm.ElementValues.of(format),
                format.text(),
                format.bytesPerGroup());
        return new KernelPlan("hopper/mxexpand", model, threads, 0);
    }

    /** The kernel. */
    record MxExpand(
            String name,
            int threads,
            String deviceFunctions,
            MxGemm.PackedCodes codes,
            MxGemm.ElementValues values,
            String format,
            int groupBytes)
            implements OutputModel {}
}
