/**
 * Attention over a paged key/value cache. What suits prompts and what suits steps that write a token of each sequence has
 * little in common: tiles of queries on tensor cores ({@code WgmmaAttention}, {@code MmaAttention}) the one, a stream of keys and values
 * past all heads that share them ({@code StreamAttention}) the other. Whatever these cannot do, heads of other sizes or more of them to
 * a key, goes row by row, with a block for each ({@code RowsAttention}) or several ({@code PartsAttention}).
 *
 * <p>The rows of a tile are the queries of all heads that share keys: each key and value is then read once for all of them, and a tile
 * covers few positions, so that little is computed beyond the diagonal. Scores and the exponential weights of values are BF16
 * operands of products with FP32 sums; the weights are rounded to BF16, their sum is not.
 *
 * <p>What a quantized cache keeps is brought back to BF16 on its way into registers or shared memory, from where on a kernel does not
 * know the difference ({@code CacheValues}). The one exception is {@code WgmmaAttention}, which multiplies what pages have as it is.
 *
 * <p>Heads of whole 64 channels lie in pages as {@code wgmma} reads them; others do not, and a row of one is no whole number of the widest
 * swizzle's. {@code WgmmaAttention} then cuts them into blocks of the widest swizzle that they are whole blocks of, 32 channels for a head of
 * 96 and 16 for one of 80, and gathers these with {@code cp.async}, a warp for keys and one for values. Heads of 80, 96 and 112 channels
 * have been run in the simulator only, and are not timed.
 */
package org.mxforge.codegen.kernel.attention;
