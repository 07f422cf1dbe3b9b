package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.Tiling;

/**
 * From 9 to 64 tokens at a time on {@code wgmma}, bound by reading the weights: blocks have rings of them under way also from one tile of D to the
 * next, and tokens are read once. Sums are moved into FP32 after each block of channels.
 *
 * @param weights how weights lie: {@link OperandLayout#CONTAINERS}, {@link OperandLayout#FRAGMENTS} or
 *     {@link OperandLayout#MIXED_FRAGMENTS}
 */
record RingGemm(OperandLayout weights) implements CudaAlgorithm<MxGemmSpec> {
    /** Weights under way in a thread block, in bytes: fewer do not hide the way from memory. */
    private static final int LEAST_UNDER_WAY = 40 << 10;

    /** Tokens of which a stream takes each weight once, and no tensor core waits. */
    private static final int TOO_FEW = 8;

    /**
     * Tokens times warpgroups whose sums leave registers for decoding one format; half of it for more, where there are more than two. Four
     * warpgroups that decode for 32 tokens have 96 registers a thread and spill up to 312 bytes, but one block of teams of one
     * without an epilogue; they stay, since some of those that spill are the fastest that was measured on an H200 (32 tokens of 6144
     * outputs), and within 1 % of it.
     */
    private static final int SUMS = 128;

    @Override
    public String name() {
        return "ring_" + weights.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Class<MxGemmSpec> specs() {
        return MxGemmSpec.class;
    }

    @Override
    public Optional<String> refusal(MxGemmSpec spec, Target target) {
        return FoldedOperands.refusal(spec, weights, target);
    }

    @Override
    public OperandLayout layout(Side side) {
        return FoldedOperands.layout(side, weights);
    }

    @Override
    public ConfigSpace space(MxGemmSpec spec, Target target) {
        Expression bm = variable("bm");
        Expression warpgroups = variable("teams").times(variable("ways"));
        Expression underWay =
                variable("teams").times(variable("stages")).times(HopperRingTile.slotBytes(spec, weights));
        List<Restriction> restrictions = new ArrayList<>(constraints(spec, target));
        restrictions.add(new Restriction(
                "as many bytes are under way as hide the time that they take", underWay.atLeast(LEAST_UNDER_WAY)));
        restrictions.add(new Restriction(
                "the sums of a thread leave it registers for decoding",
                spec.pairs().size() > 1
                        ? warpgroups.atMost(2).plus(bm.times(warpgroups).atMost(SUMS / 2))
                        : bm.times(warpgroups).atMost(SUMS)));
        restrictions.add(new Restriction("few warpgroups do not keep up", warpgroups.atLeast(2)));
        return new ConfigSpace(
                List.of(
                        Parameter.of("bm", 64, 32, 16),
                        Parameter.of("teams", 4, 2, 1, 3),
                        Parameter.of("ways", 1, 2, 4),
                        Parameter.of("parts", 2, 1, 4, 8),
                        Parameter.of("stages", 4, 8, 16, 6, 12)),
                restrictions);
    }

    @Override
    public List<Restriction> constraints(MxGemmSpec spec, Target target) {
        Expression bm = variable("bm");
        Expression teams = variable("teams");
        Expression parts = variable("parts");
        Expression ways = variable("ways");
        Expression stages = variable("stages");
        return List.of(
                new Restriction(
                        "a tile has 16, 32 or 64 tokens",
                        bm.equalTo(16).plus(bm.equalTo(32)).plus(bm.equalTo(64))),
                new Restriction(
                        "a cluster has 1, 2, 4 or 8 blocks",
                        parts.equalTo(1)
                                .plus(parts.equalTo(2))
                                .plus(parts.equalTo(4))
                                .plus(parts.equalTo(8))),
                new Restriction(
                        "a team has 1, 2 or 4 warpgroups",
                        ways.equalTo(1).plus(ways.equalTo(2)).plus(ways.equalTo(4))),
                new Restriction(
                        "a thread block has 1 to 4 warpgroups that multiply",
                        teams.atLeast(1).and(teams.times(ways).atMost(4))),
                new Restriction(
                        "each of them finishes two sums of each of its threads, in each block of a cluster",
                        bm.atLeast(parts.times(ways).times(4))),
                new Restriction("each of them has a slot", stages.atLeast(ways)),
                new Restriction(
                        "the rings, the sums and tokens of a block of channels fit into shared memory",
                        SharedTile.ringBlock(HopperRingTile.slotBytes(spec, weights))
                                .plus(bm.times(ContainerTile.CHANNELS))
                                .atMost(target.sharedMemoryPerBlock())));
    }

    @Override
    public boolean permits(MxGemmSpec spec, Configuration configuration, KernelShape shape) {
        if (shape.m() <= TOO_FEW) {
            return false;
        }
        HopperRingTile tile = HopperRingTile.of(RingTiling.of(configuration), spec, weights);
        int blocks = 0;
        for (int i = 0; i < shape.k().size(); i++) {
            int channels = channels(spec, i);
            blocks += (shape.k().get(i) + channels - 1) / channels;
        }
        return tile.fixedBytes() + tile.tokenBytes(blocks) <= Target.SM_90A.sharedMemoryPerBlock();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RingTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(MxGemmSpec spec, KernelVariant variant) {
        HopperRingTile tile = HopperRingTile.of(RingTiling.of(variant.configuration()), spec, weights);
        SignatureBuilder signature = Product.PLAIN.sizes(spec);
        GemmSignature.partitions(signature, spec, layout(Side.ACTIVATION), layout(Side.WEIGHT));
        GemmSignature.outputs(signature, spec.epilogue(), spec.output());
        Expression blocks = constant(0);
        for (int i = 0; i < spec.pairs().size(); i++) {
            blocks = blocks.plus(variable("partitions[" + i + "].channels").pieces(constant(channels(spec, i))));
        }
        tile.launch(signature, blocks, variant.target());
        return new KernelPlan(
                "hopper/mxring",
                HopperRingGemm.of(variant.identifier(), tile, spec, weights),
                signature.build(tile.threads(), tile.work()),
                variant.target().sharedMemoryPerBlock());
    }

    /** Channels of a block of a partition. */
    private int channels(MxGemmSpec spec, int partition) {
        return weights.widens(spec.pairs().get(partition).weight()) ? Bf16Tile.CHANNELS : ContainerTile.CHANNELS;
    }
}
