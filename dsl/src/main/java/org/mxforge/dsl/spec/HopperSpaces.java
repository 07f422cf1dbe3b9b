package org.mxforge.dsl.spec;

import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
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

    private static final int WGMMA_WARPS = 12;

    private HopperSpaces() {}

    /**
     * {@code bm} tokens by {@code bn} weights a tile, for one of the two kernels of {@link HopperGemm}: with 12 {@code warps} on
     * wgmma, where the tensor cores' own sums, 14 significant bits wide, are moved into FP32 every {@code promote} channels, or
     * never if 0, and {@code split} blocks can share K; or streaming, where {@code warps} share K and all sums are in FP32.
     */
    static ConfigSpace gemm(MxGemmSpec spec, Target target) {
        check(spec, target);
        if (spec.groups().scales() == ScaleLayout.EXPANDED) {
            // Sums of BF16 products are FP32 as they are, and there is nothing packed to stream.
            return new ConfigSpace(
                    List.of(
                            Parameter.of("bm", 256, 128),
                            Parameter.of("bn", 128),
                            Parameter.of("promote", 0),
                            Parameter.of("warps", WGMMA_WARPS),
                            Parameter.of("split", 1, 2, 4)),
                    List.of(onlySmallTilesAreSplit()));
        }
        boolean containers = !spec.pairs().stream().allMatch(spec::keepsFragments);
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 256, 128, 64, 32, 16, 8),
                        Parameter.of("bn", 128, 16, 32),
                        promote(spec),
                        Parameter.of("warps", WGMMA_WARPS, 4, 8, 16),
                        Parameter.of("split", 1, 2, 4)),
                restrictions(containers, target));
    }

    /** On wgmma, for one launch over all experts: a tile of tokens belongs to one of them. */
    static ConfigSpace groupedGemm(MxGroupedGemmSpec spec, Target target) {
        check(spec, target);
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 128, 64),
                        Parameter.of("bn", 128),
                        promote(spec.expert()),
                        Parameter.of("split", 1)),
                List.of());
    }

    /** What is decoded of 256 channels fits into registers beside the sums if it is E2M1 alone, with few to spare. */
    private static Parameter promote(MxGemmSpec spec) {
        if (spec.groups().scales() == ScaleLayout.EXPANDED) {
            return Parameter.of("promote", 0);
        }
        if (spec.pairs().stream().noneMatch(spec::keepsFragments)) {
            return Parameter.of("promote", 256, 128, 0);
        }
        boolean onlyE2m1 = spec.pairs().size() == 1 && spec.pairs().get(0).weight() == ElementFormat.E2M1;
        return onlyE2m1 ? Parameter.of("promote", 128, 256, 0) : Parameter.of("promote", 128, 0);
    }

    private static void check(KernelSpec spec, Target target) {
        if (target != Target.SM_90A) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + ": folded scales are for sm_90a; use groups=g32.tile128x4");
        }
    }

    /** A pass over one operand, bound by memory: {@code threads} of a block. */
    static ConfigSpace pass(KernelSpec spec, Target target) {
        check(spec, target);
        return new ConfigSpace(List.of(Parameter.of("threads", 256, 128, 512)), List.of());
    }

    /** Larger ones fill the multiprocessors by themselves where they pay. */
    private static Restriction onlySmallTilesAreSplit() {
        return new Restriction(
                "only tiles of 128 tokens are shared by several blocks",
                variable("split")
                        .equalTo(1)
                        .plus(variable("bm").equalTo(HopperGemm.WGMMA_TOKENS))
                        .atLeast(1));
    }

    private static List<Restriction> restrictions(boolean containers, Target target) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        Expression warps = variable("warps");
        Expression wgmma = bm.atLeast(HopperGemm.WGMMA_TOKENS);
        return List.of(
                onlySmallTilesAreSplit(),
                new Restriction(
                        "tiles of 128 tokens and more have 128 weights, smaller ones 16 or 32",
                        bn.equalTo(128).equalTo(wgmma)),
                new Restriction(
                        "tiles of 128 tokens and more have 12 warps, smaller ones 4, 8 or 16",
                        warps.equalTo(WGMMA_WARPS).equalTo(wgmma)),
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

    /**
     * {@code threads} of a block, which takes two rows at a time. One for 32 channels of a row is enough to round them; more
     * make the prologue quicker.
     */
    static ConfigSpace quantize(MxQuantizeSpec spec, Target target) {
        check(spec, target);
        // Many partitions, or elements that must be clipped, need more registers than so many threads have.
        boolean wide = spec.formats().size() <= 3 && spec.rule() == ScaleRule.CEIL;
        return new ConfigSpace(
                List.of(wide ? Parameter.of("threads", 256, 128, 448, 640) : Parameter.of("threads", 256, 128, 448)),
                List.of());
    }
}
