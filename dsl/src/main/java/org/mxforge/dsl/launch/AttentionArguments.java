package org.mxforge.dsl.launch;

/**
 * Arguments of causal grouped-query attention over one layer's key/value cache.
 *
 * @param rows queries; row i is at position start + i and sees positions 0 to start + i
 * @param heads query heads, a multiple of kvHeads
 * @param kvHeads key/value heads
 * @param start position of the first query
 * @param q address of the queries, BF16 [rows][heads][head]
 * @param k address of the layer's keys, BF16 [positions][kvHeads][head]
 * @param v address of the layer's values, likewise
 * @param out address of the output, of the queries' shape; may be q
 */
public record AttentionArguments(int rows, int heads, int kvHeads, int start, long q, long k, long v, long out) {}
