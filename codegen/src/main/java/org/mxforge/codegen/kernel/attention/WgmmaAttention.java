package org.mxforge.codegen.kernel.attention;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.NoTiling;
import org.mxforge.dsl.tile.Tiling;

/**
 * Tiles of 128 queries on the tensor cores of sm_90a, by blocks that stay: one warpgroup copies, two multiply 64 queries each and take
 * turns, so that one computes exponentials while the other multiplies. Causal tiles differ in length, and those of several sequences come
 * in no good order: each goes to the block that has room for it first. For that a launch counts in memory of the module, which is why two
 * must not overlap.
 */
record WgmmaAttention() implements CudaAlgorithm<AttentionSpec> {
    /** Queries of a tile, of all heads that share keys. */
    private static final int ROWS = 128;

    /** Keys of a step. */
    private static final int KEYS = 128;

    /** Steps whose keys and values are copied ahead, and tiles whose queries are. */
    private static final int STAGES = 2;

    private static final int THREADS = 384;

    private static final int BF16_BYTES = 2;

    @Override
    public String name() {
        return "wgmma";
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Optional<String> refusal(AttentionSpec spec, Target target) {
        if (target != Target.SM_90A) {
            return Optional.of("wgmma is for sm_90a");
        }
        if (spec.cache() != CacheFormat.BF16) {
            return Optional.of("wgmma reads keys and values as the copy engine brings them, in bf16, not in "
                    + spec.cache().text());
        }
        return spec.head() == 64 || spec.head() == 128
                ? Optional.empty()
                : Optional.of("heads of 64 and 128 channels fit into the registers of a tile, not of " + spec.head());
    }

    @Override
    public ConfigSpace space(AttentionSpec spec, Target target) {
        return ConfigSpace.of();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return NoTiling.of(configuration);
    }

    @Override
    public boolean permits(AttentionSpec spec, Configuration configuration, KernelShape shape) {
        return ((AttentionShape) shape).group() <= ROWS;
    }

    /** Where sequences have several queries each, which then share what is read. */
    @Override
    public boolean suits(AttentionSpec spec, Target target, KernelShape shape) {
        return ((AttentionShape) shape).queries() > 1 && permits(spec, usual(spec, target, shape), shape);
    }

    @Override
    public KernelPlan plan(AttentionSpec spec, KernelVariant variant) {
        Expression group = variable("heads").over(variable("kvHeads"));
        Expression tiles = variable("rows").pieces(constant(ROWS).over(group)).times(variable("kvHeads"));
        int sharedBytes = STAGES * (ROWS + 2 * KEYS) * spec.head() * BF16_BYTES;
        SignatureBuilder signature = AttentionSignature.of(spec)
                .condition(
                        group.atMost(constant(ROWS)),
                        "{} heads share keys: a tile has room for those of one query of " + ROWS + " at most",
                        group)
                .grid(tiles.min(DeviceFact.MULTIPROCESSORS.variable()))
                .shared(constant(sharedBytes));
        return new KernelPlan(
                "hopper/attention",
                new HopperAttention(
                        variant.identifier(),
                        spec.head(),
                        ROWS,
                        KEYS,
                        STAGES,
                        AttentionMma.scale(spec),
                        CachePages.POSITIONS,
                        Product.of(KEYS),
                        Product.of(spec.head())),
                signature.build(
                        THREADS,
                        "at most as many blocks as multiprocessors, one for each tile of " + ROWS
                                + " queries of a key/value head in turn"),
                sharedBytes);
    }

    /**
     * The kernel.
     *
     * @param name entry point
     * @param scale of the scores, for powers of 2
     * @param page positions of a page of the cache
     * @param scores the product of queries and keys
     * @param values the product of weights and values
     */
    record HopperAttention(
            String name,
            int head,
            int rows,
            int keys,
            int stages,
            float scale,
            int page,
            Product scores,
            Product values)
            implements OutputModel {}

    /**
     * A product instruction, 64 rows by {@code columns}.
     *
     * @param sums numbers of its assembler operands that are sums of a thread
     * @param inputs those behind the sums
     */
    record Product(int columns, List<Integer> sums, Inputs inputs) {
        static Product of(int columns) {
            int sums = columns / 2;
            return new Product(columns, IntStream.range(0, sums).boxed().toList(), Inputs.from(sums));
        }
    }

    /** Numbers of assembler operands; not every instruction has all. */
    record Inputs(int first, int second, int third, int fourth, int fifth) {
        static Inputs from(int first) {
            return new Inputs(first, first + 1, first + 2, first + 3, first + 4);
        }
    }
}
