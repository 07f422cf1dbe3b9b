package org.mxforge.dsl.launch;

/**
 * Arguments of the scores of one token, as {@link RouterArguments} have them, and of the choice of its experts and the order that
 * follows from it, as {@link ExpertRouteArguments} have these.
 *
 * @param columns hidden size; a multiple of 8
 * @param experts rows of the router, at most 1024
 * @param perToken experts that the token is sent to, at most 32: so many tiles there are
 * @param x address of the residual stream, FP32 [columns]
 * @param weight address of the norm's weight, BF16 [columns]
 * @param epsilon added to the mean square
 * @param router address of the router, BF16 [experts][columns]
 * @param shares address of the chosen experts' shares, FP32 [perToken]
 * @param routes address of the tiles' experts and numbers of tokens, INT32 [perToken][2]
 * @param tokens address of the token of each row, INT32 [perToken][16]
 * @param permutation address of the row of the token with each of its experts, INT32 [perToken]
 */
public record TokenRouteArguments(
        int columns,
        int experts,
        int perToken,
        long x,
        long weight,
        float epsilon,
        long router,
        long shares,
        long routes,
        long tokens,
        long permutation) {}
