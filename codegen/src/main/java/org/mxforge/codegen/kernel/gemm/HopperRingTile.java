package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;

import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.dsl.tile.SharedTile;

/**
 * The tile of the GEMM with rings: the parameters of its config space and what follows from them.
 *
 * @param bm tokens
 * @param teams of a block, each with tiles of its own
 * @param ways warpgroups of a team, which share the channels of a tile
 * @param stages slots of a team's ring
 * @param slotBytes of a slot: a block of channels of the weights of a tile
 * @param parts blocks of a cluster
 * @param fixedBytes shared memory of a block beside that of its tokens
 * @param mostBlocks blocks of channels of a block's tokens that there is ever room for
 */
record HopperRingTile(
        int bm, int teams, int ways, int stages, int slotBytes, int parts, int fixedBytes, int mostBlocks) {
    /** Blocks of a cluster that fit everywhere: multiprocessors come in pairs. */
    private static final int PAIR = 2;

    /** Of so many multiprocessors, larger clusters leave one: groups of them are no multiples (120 of an H200's 132 are filled). */
    private static final int LEFT_OVER = 11;

    /** A row of a block of channels among the tokens. */
    private static final int TOKEN_BYTES = ContainerTile.CHANNELS;

    static HopperRingTile of(RingTiling tiling, MxGemmSpec spec, OperandLayout weights) {
        int slot = slotBytes(spec, weights);
        return new HopperRingTile(
                tiling.tokens(),
                tiling.teams(),
                tiling.ways(),
                tiling.stages(),
                slot,
                tiling.parts(),
                Math.toIntExact(SharedTile.ringBlock(slot).evaluate(tiling.configuration())),
                SharedTile.RING_TOKENS / tiling.tokens());
    }

    /** Bytes of a tile's weights of a block of channels in the widest format of {@code spec}. */
    static int slotBytes(MxGemmSpec spec, OperandLayout weights) {
        return spec.pairs().stream()
                .map(FormatPair::weight)
                .mapToInt(format -> tileBytes(format, weights) * RingTiling.WEIGHTS / ContainerTile.ROWS)
                .max()
                .orElseThrow();
    }

    /** Bytes of 128 weights of a block of channels. */
    static int tileBytes(ElementFormat format, OperandLayout weights) {
        return weights.keepsFragments(format) ? new FragmentTile(format).tileBytes() : ContainerTile.BYTES;
    }

    /** Shared memory of the tokens of a thread block, of so many blocks of channels. */
    int tokenBytes(int blocks) {
        return (blocks + parts - 1) / parts * bm * TOKEN_BYTES;
    }

    /** As many clusters as run at a time, or fewer if then all take the same number of tiles. */
    void launch(SignatureBuilder signature, Expression blocks, Target target) {
        Expression tokens = blocks.pieces(constant(parts)).times(bm * TOKEN_BYTES);
        int room = target.sharedMemoryPerBlock() - fixedBytes;
        signature.condition(
                tokens.atMost(room),
                "the tokens take {} bytes of shared memory, and the kernel leaves them " + room
                        + ": use fewer stages or more parts",
                tokens);
        Expression tiles = signature.define("tiles", GemmSignature.COLUMNS.pieces(constant(RingTiling.WEIGHTS)));
        Expression multiprocessors = DeviceFact.MULTIPROCESSORS.variable();
        Expression filled = parts > PAIR ? multiprocessors.times(LEFT_OVER - 1).over(LEFT_OVER) : multiprocessors;
        Expression clusters = filled.over(parts).max(constant(1));
        Expression each = signature.define("each", tiles.pieces(clusters));
        signature
                .grid(tiles.pieces(each).times(parts), GemmSignature.ROWS.pieces(constant(bm)))
                .cluster(parts)
                .shared(tokens.plus(fixedBytes));
    }

    int threads() {
        return teams * (128 * ways + 32);
    }

    /** What a block does. */
    String work() {
        return teams + " teams " + (parts > 1 ? "of each of " + parts + " blocks share" : "take") + " one tile of " + bm
                + " rows and " + RingTiling.WEIGHTS + " columns of D each after another";
    }
}
