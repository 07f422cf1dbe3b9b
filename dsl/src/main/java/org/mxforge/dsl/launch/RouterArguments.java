package org.mxforge.dsl.launch;

/**
 * Arguments of scores[m, e] = sum over k of rmsnorm(x)[m, k] * router[e, k].
 *
 * @param rows rows of x and scores
 * @param columns hidden size; a multiple of 8
 * @param experts rows of the router
 * @param x address of the residual stream, FP32 [rows][columns]
 * @param weight address of the norm's weight, BF16 [columns]
 * @param epsilon added to the mean square
 * @param router address of the router, BF16 [experts][columns]
 * @param scores address of the output, FP32 [rows][experts]
 */
public record RouterArguments(
        int rows, int columns, int experts, long x, long weight, float epsilon, long router, long scores) {}
