package org.mxforge.dsl.launch;

/**
 * Arguments of the rounding of some columns.
 *
 * @param rows outputs of the weight
 * @param columns of the whole weight, a multiple of 32
 * @param first column at which the block begins, a multiple of 32
 * @param weight address of the weight, FP64 [rows][columns]
 * @param root address of the upper triangular R, FP64 [columns][columns]
 * @param formats address of {@link org.mxforge.dsl.layout.GroupFormats}, INT32 [columns / 32][8]
 * @param codes address of the codes, a byte each, [rows][columns]
 * @param scales address of the scales, E8M0 [rows][columns / 32]
 * @param errors address of what rounding cost, over the diagonal of R, FP64 [rows][64]
 */
public record MxRoundArguments(
        int rows, int columns, int first, long weight, long root, long formats, long codes, long scales, long errors) {}
