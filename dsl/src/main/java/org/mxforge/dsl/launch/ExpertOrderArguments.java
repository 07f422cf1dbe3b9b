package org.mxforge.dsl.launch;

/**
 * Arguments of the padded order of {@link org.mxforge.dsl.layout.ExpertTiles}.
 *
 * @param rows tokens
 * @param experts experts there are, at most 1024
 * @param perToken experts that each token is sent to
 * @param tiles tiles that there is room for; at least {@link org.mxforge.dsl.layout.ExpertTiles#most}
 * @param chosen address of the experts of each token, INT32 [rows][perToken], without repeats in a row: the kernel does not check
 *     them
 * @param routes address of the tiles' experts and numbers of tokens, INT32 [tiles][2]; -1 and 0 behind the last tile in use
 * @param tokens address of the token of each row, INT32 [tiles][rows of a tile]; -1 in the padding
 * @param permutation address of the row of each token with each of its experts, INT32 [rows][perToken]
 */
public record ExpertOrderArguments(
        int rows, int experts, int perToken, int tiles, long chosen, long routes, long tokens, long permutation) {}
