package org.mxforge.dsl.launch;

/**
 * Arguments of causal grouped-query attention over one layer's key/value cache.
 *
 * @param rows queries; row i sees positions up to positions[i] of its sequence
 * @param heads query heads, a multiple of kvHeads
 * @param kvHeads key/value heads
 * @param window how many positions a row sees at most, its own included: at least 1, 2^31 - 1 where it sees all
 * @param tableLength entries of each sequence's page table
 * @param positions address of the rows' positions, INT32 [rows]
 * @param sequences address of the rows' sequences, INT32 [rows]
 * @param pages address of the page tables, INT32 [sequences][tableLength], each entry a page of the cache: the kernel does not check them
 * @param q address of the queries, BF16 [rows][heads][head]
 * @param k address of the layer's keys, in CachePages, BF16
 * @param v address of the layer's values, likewise
 * @param out address of the output, of the queries' shape; may be q
 */
public record AttentionArguments(
        int rows,
        int heads,
        int kvHeads,
        int window,
        int tableLength,
        long positions,
        long sequences,
        long pages,
        long q,
        long k,
        long v,
        long out) {}
