package org.mxforge.dsl.spec;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.SharedTile;

/** The config spaces of the kernels for sm_90a only. */
final class HopperSpaces {
    /** Sums of a streaming block that leave its {@code warps} enough registers to decode, times {@code warps}. */
    private static final int STREAM_SUMS = 8 * 1024;

    private HopperSpaces() {}

    /**
     * {@code bm} tokens by {@code bn} weights a tile, for one of the two kernels of {@link HopperGemm}: with 12 {@code warps} on
     * wgmma, where the tensor cores' own sums, 14 significant bits wide, are moved into FP32 every {@code promote} channels, or
     * never if 0; or streaming, where {@code warps} share K and all sums are in FP32.
     */
    static ConfigSpace gemm(MxGemmSpec spec, Target target) {
        if (target != Target.SM_90A) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + ": folded scales are for sm_90a; use groups=g32.tile128x4");
        }
        // Weights decoded in registers would have to be decoded again for sums over two blocks.
        if (spec.groups().scales() == ScaleLayout.EXPANDED) {
            return expanded();
        }
        boolean registers = spec.pairs().stream().anyMatch(spec::keepsFragments);
        boolean containers = !spec.pairs().stream().allMatch(spec::keepsFragments);
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 256, 128, 64, 32, 16, 8),
                        Parameter.of("bn", 128, 16, 32),
                        registers ? Parameter.of("promote", 128, 0) : Parameter.of("promote", 256, 128, 0),
                        Parameter.of("warps", 12, 4, 8, 16)),
                restrictions(containers, target));
    }

    /** Sums of BF16 products are FP32 as they are, and there is nothing packed to stream. */
    private static ConfigSpace expanded() {
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 256, 128),
                        Parameter.of("bn", 128),
                        Parameter.of("promote", 0),
                        Parameter.of("warps", 12)),
                List.of());
    }

    private static List<Restriction> restrictions(boolean containers, Target target) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        Expression warps = variable("warps");
        Expression wgmma = bm.atLeast(HopperGemm.WGMMA_TOKENS);
        return List.of(
                new Restriction(
                        "tiles of 128 tokens and more have 128 weights, smaller ones 16 or 32",
                        bn.equalTo(128).equalTo(wgmma)),
                new Restriction(
                        "tiles of 128 tokens and more have 12 warps, smaller ones 4, 8 or 16",
                        warps.equalTo(12).equalTo(wgmma)),
                new Restriction(
                        "tiles of fewer tokens are summed in FP32, without promotion",
                        variable("promote").equalTo(0).plus(wgmma).atLeast(1)),
                new Restriction(
                        "8 tokens are too few for two fragments of weights to share them",
                        bm.equalTo(8).plus(bn.equalTo(32)).atMost(1)),
                new Restriction(
                        "the sums of a thread leave it registers for decoding",
                        bm.times(bn)
                                .times(warps)
                                .atMost(STREAM_SUMS)
                                .plus(wgmma)
                                .atLeast(1)),
                new Restriction(
                        "tokens and containers under way fit into shared memory",
                        SharedTile.streamBlock(containers)
                                .atMost(target.sharedMemoryPerBlock())
                                .plus(wgmma)
                                .atLeast(1)));
    }
}
