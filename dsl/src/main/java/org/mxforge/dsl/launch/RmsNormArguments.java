package org.mxforge.dsl.launch;

/**
 * Arguments of y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + epsilon) * weight[k] - centre[k].
 *
 * @param rows rows of x and y
 * @param columns a multiple of 8
 * @param x address of the input, [rows][columns] in the spec's source type
 * @param weight address of the norm's weight, BF16 [columns]
 * @param centre address of what is taken off, BF16 [columns]; 0 where the spec has none
 * @param epsilon added to the mean square
 * @param y address of the output, BF16 [rows][columns] as the spec's layout has it; may be x where that is plain and x is BF16
 */
public record RmsNormArguments(int rows, int columns, long x, long weight, long centre, float epsilon, long y) {
    /** Nothing is taken off. */
    public RmsNormArguments(int rows, int columns, long x, long weight, float epsilon, long y) {
        this(rows, columns, x, weight, 0, epsilon, y);
    }
}
