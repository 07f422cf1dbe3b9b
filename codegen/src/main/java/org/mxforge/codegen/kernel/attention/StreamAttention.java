package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.AttentionStreamTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * One query after another, of all heads that share keys together: for steps that write a token of each sequence, where memory is what
 * counts. Each key and value is read once, by one of the warps of a cluster of blocks, and multiplied with {@code mma.sync}.
 */
record StreamAttention() implements CudaAlgorithm<AttentionSpec> {
    /** Heads that may share keys: rows of a product. */
    private static final int ROWS = 16;

    /** Blocks that a GPU of some 130 multiprocessors runs together. */
    private static final int MOST_BLOCKS = 128;

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Optional<String> refusal(AttentionSpec spec, Target target) {
        return AttentionMma.refusal(spec, target);
    }

    @Override
    public ConfigSpace space(AttentionSpec spec, Target target) {
        return ConfigSpace.of(
                        Parameter.of("warps", 8, 4),
                        Parameter.of("bn", 16, 32),
                        Parameter.of("stages", 2, 3, 4),
                        target.clusterBlocks() == 1
                                ? Parameter.of("parts", 1)
                                : Parameter.of("parts", target.clusterBlocks(), 4, 2, 1))
                .restricted(constraints(spec, target).toArray(Restriction[]::new));
    }

    @Override
    public List<Restriction> constraints(AttentionSpec spec, Target target) {
        Expression warps = variable("warps");
        Expression parts = variable("parts");
        int mostParts = target.clusterBlocks();
        return List.of(
                new Restriction("a block has 1 to 8 warps", warps.atLeast(1).and(warps.atMost(8))),
                AttentionMma.WHOLE_STEPS,
                new Restriction(
                        mostParts == 1 ? "there are no clusters of blocks" : "a cluster has 1 to 8 blocks",
                        parts.atLeast(1).and(parts.atMost(mostParts))),
                new Restriction(
                        "what a warp has seen fits where its stages were",
                        warpBytes(spec).atLeast(partBytes(spec))),
                new Restriction(
                        "the stages of all warps fit into shared memory",
                        sharedBytes(spec).plus(partBytes(spec)).atMost(target.sharedMemoryPerBlock())));
    }

    private static Expression sharedBytes(AttentionSpec spec) {
        return warpBytes(spec).times(variable("warps"));
    }

    /** The stages of a warp; where they are codes, a tile that keys and then values become BF16 in, too. */
    private static Expression warpBytes(AttentionSpec spec) {
        Expression stages = variable("stages");
        if (!isCoded(spec)) {
            return AttentionMma.stageBytes(spec).times(stages);
        }
        return variable("bn")
                .times(2 * spec.cache().bytes(spec.head()))
                .times(stages)
                .plus(AttentionMma.tileBytes(spec));
    }

    private static boolean isCoded(AttentionSpec spec) {
        return spec.cache() != CacheFormat.BF16;
    }

    /** What a block keeps for the others of its cluster. */
    private static int partBytes(AttentionSpec spec) {
        return Float.BYTES * ROWS * (2 + spec.head() + 8);
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return AttentionStreamTiling.of(configuration);
    }

    @Override
    public boolean permits(AttentionSpec spec, Configuration configuration, KernelShape shape) {
        return ((AttentionShape) shape).group() <= ROWS;
    }

    /**
     * As many parts as fill a GPU, and as many warps, each of few positions; or, where queries do without, blocks so small that a
     * multiprocessor has several.
     */
    @Override
    public Configuration usual(AttentionSpec spec, Target target, KernelShape shape) {
        long tiles = (long) shape.m() * ((AttentionShape) shape).kvHeads();
        return space(spec, target).legal().stream()
                .filter(configuration -> tiles <= MOST_BLOCKS
                        ? tiles * configuration.get("parts") <= MOST_BLOCKS
                        : configuration.get("parts") == 1
                                && configuration.get("warps") == 4
                                && configuration.get("bn") == ROWS
                                && configuration.get("stages") == 2)
                .findFirst()
                .orElseThrow();
    }

    /** Where sequences have a query each. */
    @Override
    public boolean suits(AttentionSpec spec, Target target, KernelShape shape) {
        return ((AttentionShape) shape).queries() == 1 && permits(spec, usual(spec, target, shape), shape);
    }

    @Override
    public KernelPlan plan(AttentionSpec spec, KernelVariant variant) {
        AttentionStreamTiling tiling = AttentionStreamTiling.of(variant.configuration());
        Expression group = variable("heads").over(variable("kvHeads"));
        int sharedBytes = Math.toIntExact(sharedBytes(spec).evaluate(variant.configuration()));
        SignatureBuilder signature = AttentionSignature.of(spec)
                .condition(
                        group.atMost(constant(ROWS)),
                        "{} heads share keys: a product has rows for " + ROWS + " at most",
                        group)
                .grid(variable("rows").times(tiling.parts()), variable("kvHeads"))
                .cluster(tiling.parts())
                .shared(constant(sharedBytes));
        return new KernelPlan(
                "portable/attentionstream",
                new AttentionStream(
                        variant.identifier(),
                        spec.head(),
                        tiling.keys(),
                        tiling.pipeline().stages(),
                        tiling.warps(),
                        tiling.parts(),
                        tiling.parts() > 1,
                        isCoded(spec),
                        AttentionMma.scale(spec),
                        CacheTiles.staged(spec)),
                signature.build(
                        32 * tiling.warps(), tiling.parts() + " for each query row and key/value head, heads along y"),
                sharedBytes);
    }

    /**
     * The kernel.
     *
     * @param keys positions of a step
     * @param clustered whether there are several {@code parts}
     * @param coded whether the cache is quantized
     * @param scale of the scores, for powers of 2
     */
    record AttentionStream(
            String name,
            int head,
            int keys,
            int stages,
            int warps,
            int parts,
            boolean clustered,
            boolean coded,
            float scale,
            CacheTiles tiles)
            implements OutputModel {}
}
