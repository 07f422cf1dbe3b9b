/**
 * Attention over a paged key/value cache. What suits prompts, steps of many sequences and steps of few has nothing in
 * common: tiles of queries on tensor cores ({@code WgmmaAttention}, {@code MmaAttention}), a block for each row ({@code RowsAttention}), several blocks for
 * each ({@code PartsAttention}).
 *
 * <p>The rows of a tile are the queries of all heads that share keys: each key and value is then read once for all of them, and a tile
 * covers few positions, so that little is computed beyond the diagonal. Scores and the exponential weights of values are BF16
 * operands of products with FP32 sums; the weights are rounded to BF16, their sum is not.
 *
 * <p>What a quantized cache keeps is brought back to BF16 on its way into registers or shared memory, from where on a kernel does not
 * know the difference ({@code CacheValues}). The one exception is {@code WgmmaAttention}, whose copy engine brings pages as they are.
 */
package org.mxforge.codegen.kernel.attention;
