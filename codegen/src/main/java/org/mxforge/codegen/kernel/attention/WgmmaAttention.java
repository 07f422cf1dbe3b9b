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
 *
 * <p>Heads of whole 64 channels lie in the cache as tensor cores read them, and come by the copy engine; heads of 80, 96 and 112 are gathered,
 * and not timed yet.
 */
record WgmmaAttention() implements CudaAlgorithm<AttentionSpec> {
    /** Queries of a tile, of all heads that share keys. */
    private static final int ROWS = 128;

    /** Keys of a step. */
    private static final int KEYS = 128;

    /** Steps whose keys and values are copied ahead, and tiles whose queries are. */
    private static final int STAGES = 2;

    private static final int THREADS = 384;

    /** Channels of a product of queries and keys. */
    private static final int STEP = 16;

    /** Channels of a head for which a tile is worth while. */
    private static final int LEAST_CHANNELS = 64;

    /** Channels of a head whose sums fit into registers. */
    private static final int MOST_CHANNELS = 128;

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
            return Optional.of("wgmma multiplies keys and values as the cache has them, in bf16, not in "
                    + spec.cache().text());
        }
        return spec.head() % STEP == 0 && spec.head() >= LEAST_CHANNELS && spec.head() <= MOST_CHANNELS
                ? Optional.empty()
                : Optional.of("heads on wgmma are of whole " + STEP + " channels, from " + LEAST_CHANNELS + " to "
                        + MOST_CHANNELS + ", not of " + spec.head());
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
                        Block.of(spec.head()),
                        Copiers.of(spec.head()),
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
     * @param block how queries, keys and values lie in shared memory
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
            Block block,
            Copiers copiers,
            Product scores,
            Product values)
            implements OutputModel {}

    /**
     * Channels of a tile that lie together: as many as the widest swizzle has whose rows make up a head. A head is then whole blocks,
     * which nothing has to be added to.
     *
     * @param bytes of a row, which is the width of the swizzle too
     * @param pieces of 16 bytes in a row
     * @param together rows in 128 bytes, whose pieces are swapped alike
     * @param narrow whether there are several
     * @param steps products of queries and keys
     * @param slab bytes of 8 rows
     * @param units of 16 bytes in them
     * @param step bytes of the rows of a product of weights and values
     * @param layout the constant part of a descriptor
     */
    record Block(
            int channels,
            int bytes,
            int pieces,
            int together,
            boolean narrow,
            int steps,
            int slab,
            int units,
            int step,
            String layout) {
        private static final int WIDEST = 128;
        private static final int PIECE = 16;
        private static final int SLAB_ROWS = 8;
        private static final int STRIDE_SHIFT = 32;
        private static final int MODE_SHIFT = 62;

        static Block of(int head) {
            int bytes = Math.min(WIDEST, Integer.lowestOneBit(head * BF16_BYTES));
            int together = WIDEST / bytes;
            // Swizzles of 128, 64 and 32 bytes are 1, 2 and 3.
            long mode = 1 + Integer.numberOfTrailingZeros(together);
            int slab = SLAB_ROWS * bytes;
            return new Block(
                    bytes / BF16_BYTES,
                    bytes,
                    bytes / PIECE,
                    together,
                    together > 1,
                    bytes / BF16_BYTES / STEP,
                    slab,
                    slab / PIECE,
                    STEP * bytes,
                    "0x" + Long.toHexString(mode << MODE_SHIFT | (long) slab / PIECE << STRIDE_SHIFT));
        }
    }

    /**
     * Who copies.
     *
     * @param engine whether pages of the cache lie as they are multiplied, which the copy engine then brings; else a warp each gathers keys
     *     and values
     * @param pages threads that report keys, and as many values
     * @param first of those that gather queries
     * @param queries how many these are
     * @param readers warps that have to be done with a tile before its place is taken
     */
    record Copiers(boolean engine, int pages, int first, int queries, int readers) {
        /** A thread starts copies of both, three warps gather queries; the eight warps that multiply let go. */
        private static final Copiers ENGINE = new Copiers(true, 1, 32, 96, 8);

        /** A warp each for keys and values, which let go of tiles too, and two for queries. */
        private static final Copiers WARPS = new Copiers(false, 32, 64, 64, 10);

        static Copiers of(int head) {
            return head % CachePages.BLOCK == 0 ? ENGINE : WARPS;
        }
    }

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
