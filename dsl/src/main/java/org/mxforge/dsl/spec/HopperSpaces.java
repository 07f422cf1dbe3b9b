package org.mxforge.dsl.spec;

import java.util.List;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.target.Target;

/** The config spaces of the kernels on wgmma, and of those that make their operands. */
final class HopperSpaces {
    private HopperSpaces() {}

    /**
     * {@code bm} tokens by {@code bn} weights a tile; the tensor cores' own sums, 14 significant bits wide, are moved into FP32
     * every {@code promote} channels, or never if 0.
     */
    static ConfigSpace gemm(MxGemmSpec spec, Target target) {
        checkTarget(spec, target);
        // Weights decoded in registers would have to be decoded again for sums over two blocks.
        boolean registers = spec.groups().scales() == ScaleLayout.STREAMED
                && spec.pairs().stream().anyMatch(pair -> FragmentTile.holds(pair.weight()));
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 256, 128, 64),
                        Parameter.of("bn", 128),
                        registers ? Parameter.of("promote", 128, 0) : Parameter.of("promote", 256, 128, 0)),
                List.of());
    }

    /**
     * {@code threads} of a block, which takes two rows at a time. One for 32 channels of a row is enough to round them; more
     * make the prologue quicker.
     */
    static ConfigSpace quantize(MxQuantizeSpec spec, Target target) {
        checkTarget(spec, target);
        // Many partitions, or elements that must be clipped, need more registers than so many threads have.
        boolean wide = spec.formats().size() <= 3 && spec.rule() == ScaleRule.CEIL;
        return new ConfigSpace(
                List.of(wide ? Parameter.of("threads", 256, 128, 448, 640) : Parameter.of("threads", 256, 128, 448)),
                List.of());
    }

    private static void checkTarget(KernelSpec spec, Target target) {
        if (target != Target.SM_90A) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + ": folded scales are for sm_90a; use groups=g32.tile128x4");
        }
    }
}
