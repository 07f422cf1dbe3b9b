package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.pack.PackedOperand;
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

    /** Random codes and scales in the first {@code different} rows at most, which repeat. */
    static RepeatedRows random(ChannelSplit split, Side side, int rows, int different, long seed) {
        return new RepeatedRows(RandomOperands.packed(split, side, Math.min(rows, different), seed), rows);
    }

    /** A matrix whose rows do not repeat. */
    static RepeatedRows of(PackedMatrix whole) {
        return new RepeatedRows(whole, whole.rows());
    }

    /**
     * The whole matrix, for kernels of {@code layout}, in GPU memory; its block is laid out now.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if it cannot be laid out so without rounding, and the tolerance does not
     *     allow it
     */
    OperandCopies.Maker<PackedOperand> laidOut(OperandLayout layout, Tolerance tolerance, Side side) {
        var once = PackedOperand.laidOut(block, layout, tolerance, side);
        return (memory, stream) -> {
            PackedOperand uploaded = once.apply(memory::upload);
            return set -> set == 0 && times() == 1 ? uploaded : new Repetition(this, memory, stream, set).of(uploaded);
        };
    }

    /** How often the block is there, the last time perhaps in part. */
    int times() {
        return (rows + block.rows() - 1) / block.rows();
    }
}
