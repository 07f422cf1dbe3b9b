package org.mxforge.runtime.bench;

import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * A packed operand whose rows repeat: making and folding each row of a large one would take the host longer than the GPU takes to be
 * timed. No tile that a kernel multiplies is high enough to meet a row twice.
 *
 * @param block the rows that are repeated
 * @param rows of the whole
 */
record RepeatedRows(PackedMatrix block, int rows) {
    /** Rows that differ: several tiles, each of which begins a set of operands of its own. */
    static final int BLOCK = 4 * ContainerTile.ROWS;

    /** Random codes and scales. */
    static RepeatedRows random(ChannelSplit split, Side side, int rows, long seed) {
        return new RepeatedRows(RandomOperands.packed(split, side, Math.min(rows, BLOCK), seed), rows);
    }

    /** How often the block is there, the last time perhaps in part. */
    int times() {
        return (rows + block.rows() - 1) / block.rows();
    }
}
