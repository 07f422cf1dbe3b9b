package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of a reorder-quantize of x [rows][columns].
 *
 * @param rows tokens, or output channels on the weight side
 * @param columns channels; the sum of the partitions' channels
 * @param x address of the input in the spec's source type; [rows][2 columns], gate and up side by side, if the prologue is SiLU*mul
 * @param prologue operands of the spec's prologue
 * @param order address of the reorder index, INT32 [columns]: new channel i is old channel order[i]
 * @param rowIndex address of the rows' numbers, INT32 [rows], where the spec has rows by an index; else 0
 * @param partitions where each partition of the spec goes, in its order
 */
public record MxQuantizeArguments(
        int rows,
        int columns,
        long x,
        PrologueOperands prologue,
        long order,
        long rowIndex,
        List<MxQuantizeOutput> partitions) {
    public MxQuantizeArguments {
        partitions = List.copyOf(partitions);
    }

    /** All rows. */
    public MxQuantizeArguments(
            int rows, int columns, long x, PrologueOperands prologue, long order, List<MxQuantizeOutput> partitions) {
        this(rows, columns, x, prologue, order, 0, partitions);
    }
}
