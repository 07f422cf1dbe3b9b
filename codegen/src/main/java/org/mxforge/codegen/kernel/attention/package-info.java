/**
 * Attention over a paged key/value cache. Two ways to compute it have no common optimum: a row at a time, which suits few queries
 * ({@code RowsAttention}), and tiles of queries on tensor cores, which suit prompts ({@code WgmmaAttention}).
 *
 * <p>The rows of a tile are the queries of all heads that share keys: each key and value is then read once for all of them, and a tile
 * covers few positions, so that little is computed beyond the diagonal. Scores and the exponential weights of values are BF16
 * operands of products with FP32 sums; the weights are rounded to BF16, their sum is not.
 */
package org.mxforge.codegen.kernel.attention;
