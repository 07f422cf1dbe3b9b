package org.mxforge.codegen.cuda;

import java.util.List;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;

/** Plans the expansion of packed codes. */
final class MxExpandEmitter implements KernelEmitter<MxExpandSpec> {
    @Override
    public KernelPlan plan(MxExpandSpec spec, KernelVariant variant) {
        int threads = variant.configuration().get("threads");
        ElementFormat format = spec.format();
        boolean wide = spec.to() == ScaleLayout.EXPANDED;
        MxExpand model = new MxExpand(
                spec.identifier(),
                threads,
                DeviceFunctions.cuda().strip(),
                MxGemm.PackedCodes.of(format.bits()),
                wide ? List.of(MxGemm.ElementValues.of(format)) : List.of(),
                format.text(),
                format.bytesPerGroup(),
                wide ? new WideStore(format.text()) : ContainerStore.of(format));
        return new KernelPlan("hopper/mxexpand", model, threads, 0);
    }

    /**
     * The kernel.
     *
     * @param values decoding to BF16, where that is wanted
     */
    record MxExpand(
            String name,
            int threads,
            String deviceFunctions,
            MxGemm.PackedCodes codes,
            List<MxGemm.ElementValues> values,
            String format,
            int groupBytes,
            OutputModel store)
            implements OutputModel {}

    /** Rounds into FP8 containers. */
    record ContainerStore(String container, String format, int bits, int exponentBits, int mantissaBits, int bias)
            implements OutputModel {
        static ContainerStore of(ElementFormat format) {
            return new ContainerStore(
                    FoldedFormat.of(format).container().text(),
                    format.text(),
                    format.bits(),
                    format.exponentBits(),
                    format.mantissaBits(),
                    format.bias());
        }
    }

    /** Multiplies into BF16. */
    record WideStore(String format) implements OutputModel {}
}
