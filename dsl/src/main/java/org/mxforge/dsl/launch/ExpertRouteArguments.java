package org.mxforge.dsl.launch;

/**
 * Arguments of the choice of few tokens' experts and of the order that follows from it, as {@link ExpertChoiceArguments} and
 * {@link ExpertOrderArguments} have them.
 *
 * @param rows tokens, at most 16
 * @param experts columns of the scores
 * @param perToken experts that each token is sent to, at most 32
 * @param tiles tiles that there is room for; at least {@link org.mxforge.dsl.layout.ExpertTiles#most}
 * @param scores address of the router's output, FP32 [rows][experts]
 * @param shares address of the chosen experts' shares, FP32 [rows][perToken]
 * @param routes address of the tiles' experts and numbers of tokens, INT32 [tiles][2]
 * @param tokens address of the token of each row, INT32 [tiles][16]
 * @param permutation address of the row of each token with each of its experts, INT32 [rows][perToken]
 */
public record ExpertRouteArguments(
        int rows,
        int experts,
        int perToken,
        int tiles,
        long scores,
        long shares,
        long routes,
        long tokens,
        long permutation) {}
