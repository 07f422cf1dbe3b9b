package org.mxforge.codegen.cuda;

import java.util.stream.IntStream;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;

/** Plans the mixed-precision GEMM that streams its weights. */
final class HopperStreamGemmEmitter implements KernelEmitter<MxGemmSpec> {
    @Override
    public KernelPlan plan(MxGemmSpec spec, KernelVariant variant) {
        HopperStreamTile tile = HopperStreamTile.of(variant.configuration(), spec);
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        HopperStreamGemm model = new HopperStreamGemm(
                spec.identifier(),
                tile,
                spec.pairs().stream()
                        .map(pair -> HopperStreamGemm.weights(spec, pair))
                        .distinct()
                        .toList(),
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(i -> HopperStreamGemm.Partition.of(spec, i))
                        .toList(),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.operands());
        return new KernelPlan("hopper/mxstream", model, tile.threads(), tile.sharedBytes());
    }
}
