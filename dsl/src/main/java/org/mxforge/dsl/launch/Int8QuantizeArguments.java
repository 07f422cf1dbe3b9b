package org.mxforge.dsl.launch;

/**
 * Arguments of quantizing rows to INT8.
 *
 * @param rows rows
 * @param columns channels; a multiple of 16
 * @param x address of the input in the spec's source type, [rows][columns]; [rows][2 columns], gate and up side by side, if the prologue is
 *     SiLU*mul
 * @param weight address of the norm's weight, BF16 [columns]; not read if the prologue is not RMSNorm
 * @param epsilon added to the mean square by RMSNorm
 * @param codes address of the result, [rows][columns] in {@link org.mxforge.dsl.layout.Int8Tile}s
 * @param scales address of the rows' scales, FP32 [rows]
 */
public record Int8QuantizeArguments(
        int rows, int columns, long x, long weight, float epsilon, long codes, long scales) {}
