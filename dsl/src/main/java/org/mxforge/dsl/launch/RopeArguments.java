package org.mxforge.dsl.launch;

/**
 * Arguments of a rotary position embedding.
 *
 * @param rows tokens
 * @param heads heads of one row
 * @param head size of one head, even
 * @param positions address of the rows' positions, INT32 [rows]
 * @param x address of the input, FP32 [rows][heads][head]
 * @param y address of the output, BF16 [rows][heads][head]
 * @param cos address of the cosines, FP32 [positions][head / 2]
 * @param sin address of the sines, likewise
 */
public record RopeArguments(int rows, int heads, int head, long positions, long x, long y, long cos, long sin) {}
