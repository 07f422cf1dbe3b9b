package org.mxforge.dsl.spec;

import java.util.List;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.target.Target;

/** The config spaces of the kernels on wgmma. */
final class HopperSpaces {
    private HopperSpaces() {}

    /**
     * {@code bm} tokens by {@code bn} weights a tile; the tensor cores' own sums, 14 significant bits wide, are moved into FP32
     * every {@code promote} channels, or never if 0.
     */
    static ConfigSpace gemm(MxGemmSpec spec, Target target) {
        return space(spec, spec, target, Parameter.of("bm", 256, 128, 64));
    }

    /** The same for one launch over all experts: a tile of tokens belongs to one of them. */
    static ConfigSpace groupedGemm(MxGroupedGemmSpec spec, Target target) {
        return space(spec, spec.expert(), target, Parameter.of("bm", 128, 64));
    }

    private static ConfigSpace space(KernelSpec spec, MxGemmSpec gemm, Target target, Parameter bm) {
        if (target != Target.SM_90A) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + ": folded scales are for sm_90a; use groups=g32.tile128x4");
        }
        // Weights decoded in registers would have to be decoded again for sums over two blocks.
        boolean registers = gemm.groups().scales() == ScaleLayout.STREAMED
                && gemm.pairs().stream().anyMatch(pair -> FragmentTile.holds(pair.weight()));
        Parameter promote = registers ? Parameter.of("promote", 128, 0) : Parameter.of("promote", 256, 128, 0);
        return new ConfigSpace(
                List.of(
                        bm,
                        Parameter.of("bn", 128),
                        // Sums of BF16 products are FP32 as they are.
                        gemm.groups().scales() == ScaleLayout.EXPANDED ? Parameter.of("promote", 0) : promote),
                List.of());
    }
}
