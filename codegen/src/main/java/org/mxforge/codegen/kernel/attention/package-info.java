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
 * know the difference ({@code CacheValues}). The one exception is {@code WgmmaAttention}, whose copy engine brings pages as they are.
 */
package org.mxforge.codegen.kernel.attention;
