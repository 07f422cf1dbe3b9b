package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Up to 64 tokens at a time on {@code mma.sync} in FP16, or in BF16 what has no room there, bound by reading the weights: a block for all
 * of K of a few weight rows, all sums in FP32. Those of an expert are read for its own tokens alone, however few they are. Two tokens leave
 * most of such a product empty, and decoding to 16 bits would take longer than reading: 4-bit weights are decoded to FP8 for them, and
 * the four warps of a group share products on {@code wgmma}, whose sums of 128 channels are added in FP32.
 *
 * @param product of one set of weights or of many
 * @param weights how weights lie: {@link OperandLayout#CONTAINERS}, {@link OperandLayout#FRAGMENTS} or
 *     {@link OperandLayout#MIXED_FRAGMENTS}
 */
record StreamGemm<S extends KernelSpec>(Product<S> product, OperandLayout weights) implements CudaAlgorithm<S> {
    private static final int FEW_TOKENS = 16;

    /** Sums of a block that leave its {@code warps} enough registers to decode, times {@code warps}. */
    private static final int SUMS = 8 * 1024;

    @Override
    public String name() {
        return "stream_" + weights.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Class<S> specs() {
        return product.specs();
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return FoldedOperands.refusal(product.of(spec), weights, target);
    }

    @Override
    public OperandLayout layout(Side side) {
        return FoldedOperands.layout(side, weights);
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        List<Restriction> restrictions = new ArrayList<>(constraints(spec, target));
        restrictions.add(new Restriction(
                "8 tokens are too few for two fragments of weights to share them",
                bm.equalTo(8).plus(bn.equalTo(32)).atMost(1)));
        restrictions.add(new Restriction(
                "the sums of a thread leave it registers for decoding",
                bm.times(bn).times(variable("warps")).atMost(SUMS)));
        if (product.grouped()) {
            restrictions.add(new Restriction(
                    "a block that comes back for more tokens has no registers for 32 of them and two fragments of weights",
                    bm.equalTo(32).plus(bn.equalTo(32)).atMost(1)));
        }
        // Where a block comes back for more tokens, 64 of them would leave no registers.
        List<Integer> tokens = new ArrayList<>(product.grouped() ? List.of(32, 16, 8) : List.of(64, 32, 16, 8));
        if (multipliesJointly(product.of(spec))) {
            tokens.add(StreamTiling.JOINT_TOKENS);
        }
        return new ConfigSpace(
                List.of(new Parameter("bm", tokens), Parameter.of("bn", 16, 32), Parameter.of("warps", 4, 8, 16)),
                restrictions);
    }

    @Override
    public List<Restriction> constraints(S spec, Target target) {
        Expression bm = variable("bm");
        Expression bn = variable("bn");
        Expression warps = variable("warps");
        boolean joint = multipliesJointly(product.of(spec));
        List<Restriction> constraints = new ArrayList<>();
        if (product.grouped()) {
            constraints.add(new Restriction(
                    "a tile belongs to one expert: it divides " + product.tileRows(spec) + " rows",
                    constant(product.tileRows(spec)).modulo(bm).equalTo(0)));
        }
        constraints.addAll(List.of(
                new Restriction(
                        "a tile has " + (joint ? "2, " : "") + "8, 16, 32 or 64 tokens",
                        (joint ? bm.equalTo(StreamTiling.JOINT_TOKENS) : constant(0))
                                .plus(bm.equalTo(8))
                                .plus(bm.equalTo(16))
                                .plus(bm.equalTo(32))
                                .plus(bm.equalTo(64))),
                new Restriction(
                        "a warp that multiplies with others has 16 weights",
                        bm.equalTo(StreamTiling.JOINT_TOKENS)
                                .plus(bn.equalTo(32))
                                .atMost(1)),
                new Restriction("a tile has 16 or 32 weights", bn.equalTo(16).plus(bn.equalTo(32))),
                new Restriction(
                        "a block has 4, 8 or 16 warps",
                        warps.equalTo(4).plus(warps.equalTo(8)).plus(warps.equalTo(16))),
                new Restriction(
                        "tokens and containers under way fit into shared memory",
                        SharedTile.streamBlock(hasContainers(product.of(spec)))
                                .atMost(target.sharedMemoryPerBlock()))));
        return constraints;
    }

    /** Whether all weights can be decoded to FP8 in registers, so that the warps of a group may multiply together. */
    private boolean multipliesJointly(MxGemmSpec spec) {
        return weights == OperandLayout.FRAGMENTS
                && spec.pairs().stream().allMatch(pair -> pair.weight() == ElementFormat.E2M1);
    }

    private boolean hasContainers(MxGemmSpec spec) {
        return !spec.pairs().stream().allMatch(pair -> weights.keepsFragments(pair.weight()));
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return StreamTiling.of(configuration);
    }

    /** Whether reading the weights takes longer than multiplying by them, for all that is known without measuring. */
    static boolean isFew(KernelShape shape) {
        return shape.m() <= FEW_TOKENS;
    }

    @Override
    public boolean suits(S spec, Target target, KernelShape shape) {
        return isFew(shape);
    }

    @Override
    public Configuration usual(S spec, Target target, KernelShape shape) {
        return product.lowest(space(spec, target), shape, configuration -> StreamTiling.of(configuration)
                .tokens());
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        MxGemmSpec gemm = product.of(spec);
        HopperStreamTile tile = HopperStreamTile.of(
                StreamTiling.of(variant.configuration()),
                hasContainers(gemm),
                gemm.pairs().size(),
                product.grouped());
        int rows = product.grouped() ? product.tileRows(spec) : tile.bm();
        SignatureBuilder signature = product.sizes(spec);
        if (product.grouped()) {
            // The routes: what quantizes the tokens lets this kernel begin only when they were made.
            signature.settled();
        }
        GemmSignature.partitions(signature, gemm, layout(Side.ACTIVATION), layout(Side.WEIGHT));
        GemmSignature.outputs(signature, gemm.epilogue(), gemm.output());
        GemmSignature.tiles(signature, constant(rows), constant(tile.bn())).shared(constant(tile.sharedBytes()));
        return new KernelPlan(
                "hopper/mxstream",
                model(gemm, rows, variant.identifier(), tile),
                signature.build(tile.threads(), tile.work(rows)),
                tile.sharedBytes());
    }

    private HopperStreamGemm model(MxGemmSpec spec, int rows, String name, HopperStreamTile tile) {
        GemmRouting routing = GemmRouting.of(product, tile.bm());
        GemmEpilogue epilogue = GemmEpilogue.of(spec.epilogue());
        return new HopperStreamGemm(
                name,
                tile,
                tile.isJoint() ? List.of(HopperStreamGemm.JointControl.OF_TWO_TOKENS) : List.of(),
                spec.pairs().stream()
                        .map(pair -> HopperStreamGemm.weights(weights, tile.isJoint(), pair))
                        .distinct()
                        .toList(),
                HopperStreamGemm.products(weights, tile.isJoint(), spec.pairs()),
                IntStream.range(0, spec.pairs().size())
                        .mapToObj(i -> HopperStreamGemm.Partition.of(spec, weights, tile.isJoint(), i))
                        .toList(),
                product.grouped(),
                rows,
                routing.operands(),
                GemmOutput.of(spec.output()),
                epilogue,
                epilogue.streamStore(),
                epilogue.operands());
    }
}
