package org.mxforge.codegen.cuda;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.tile.SharedTile;

/** Plans the portable GEMM on plain operands. */
final class DenseGemmEmitter implements KernelEmitter<DenseGemmSpec> {
    @Override
    public KernelPlan plan(DenseGemmSpec spec, KernelVariant variant) {
        Configuration configuration = variant.configuration();
        GemmTile tile = GemmTile.of(configuration, SharedTile.plainStage().evaluate(configuration));
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        DenseGemm model = new DenseGemm(
                spec.identifier(),
                tile,
                SharedTile.pitch(16).evaluate(configuration),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.operands());
        return new KernelPlan("portable/densegemm", model, tile.threads(), tile.sharedBytes());
    }
}
