package org.mxforge.dsl.tile;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.space.Expression;

/**
 * How the operand tiles of a GEMM lie in the shared memory of a GPU, in terms of the parameters {@code bm}, {@code bn} and
 * {@code bk}: rows of packed elements, padded. The restrictions of a config space and the kernels take their sizes from here.
 */
public final class SharedTile {
    /** Rows of 128 bytes that the shared memory of a block has at most, on any target. */
    public static final int RING_TOKENS = (227 << 10) / 128;

    /** A row's scales are one word: four groups, of which a stage of 64 elements uses two. */
    public static final int SCALE_BYTES = 4;

    private SharedTile() {}

    /**
     * Bytes from one row of a tile to the next. A quad of lanes reads one group of 32 and a warp reads eight rows; the padding
     * spreads the rows over the banks (a few two-way conflicts remain for 6 bits) and keeps the alignment of the copies.
     *
     * @param bits width of an element: 4, 6, 8, or 16 for a plain operand
     */
    public static Expression pitch(int bits) {
        Expression bk = variable("bk");
        return switch (bits) {
            case 4 -> bk.over(constant(2)).plus(constant(16));
            case 6 -> bk.times(6).over(constant(8)).plus(constant(8));
            case 8 -> bk.plus(constant(32));
            // An odd number of half lines, so that the two rows of a 128-bit access lie in different halves.
            case 16 -> bk.over(constant(64)).times(128).plus(constant(64));
            default -> throw new IllegalArgumentException("no operand has elements of " + bits + " bits");
        };
    }

    /** Bytes of one pipeline stage with packed operands of these widths, scales included. */
    public static Expression packedStage(int activationBits, int weightBits) {
        return variable("bm")
                .times(pitch(activationBits).plus(constant(SCALE_BYTES)))
                .plus(variable("bn").times(pitch(weightBits).plus(constant(SCALE_BYTES))));
    }

    /**
     * Bytes of the block of 128 channels that a warp of the streaming GEMM has under way: all its tokens, and those of the blocks that
     * follow where warps multiply them together, and its weights unless they are decoded in registers.
     */
    public static Expression streamSlot(boolean weights) {
        Expression rows = weights ? variable("bm").plus(variable("bn")) : variable("bm");
        return rows.times(ContainerTile.CHANNELS)
                .times(constant(1)
                        .plus(variable("bm").equalTo(StreamTiling.JOINT_TOKENS).times(StreamTiling.JOINT_ROUNDS - 1)));
    }

    /** Bytes of a block of the streaming GEMM: the slots of its warps, in which their sums meet later, and a factor for each row. */
    public static Expression streamBlock(boolean weights) {
        return streamSlot(weights)
                .times(variable("warps"))
                .plus(variable("bm").plus(variable("bn")).times(Float.BYTES));
    }

    /**
     * Bytes of a block of the GEMM with rings, without its tokens: of each team the slots of its ring, what its warpgroups are sent of the sums
     * of two tiles, and barriers, those of blocks of tokens as well; padded, so that tokens follow in their swizzle.
     *
     * @param slot bytes of {@link RingTiling#WEIGHTS} weights of a block of channels, in the widest format that there is
     */
    public static Expression ringBlock(int slot) {
        Expression teams = variable("teams");
        Expression ways = variable("ways");
        Expression stages = variable("stages");
        // A warpgroup finishes as many of its sums as all others that have some do, and is sent these.
        Expression senders = ways.times(variable("parts"));
        Expression sums = variable("bm")
                .times(RingTiling.WEIGHTS * 2 * Float.BYTES)
                .over(senders)
                .times(senders.plus(-1))
                .times(ways);
        return stages.times(slot)
                .plus(sums)
                .plus(stages.plus(1).times(2 * Long.BYTES))
                .times(teams)
                .plus(constant(RING_TOKENS).over(variable("bm")).times(Long.BYTES))
                .pieces(constant(1024))
                .times(1024);
    }

    /** Bytes of one pipeline stage with plain 16-bit operands. */
    public static Expression plainStage() {
        return variable("bm").plus(variable("bn")).times(pitch(16));
    }
}
