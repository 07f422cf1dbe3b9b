package org.mxforge.dsl.launch;

/**
 * Arguments of taking queries, keys and values apart, of which the new keys and values go into one layer's key/value cache.
 *
 * @param rows tokens
 * @param heads query heads of one row
 * @param kvHeads key/value heads of one row
 * @param head size of one head; a multiple of 8
 * @param tableLength entries of each sequence's page table
 * @param positions address of the rows' positions, INT32 [rows]
 * @param sequences address of the rows' sequences, INT32 [rows]
 * @param pages address of the page tables, INT32 [sequences][tableLength], each entry a page of the cache: the kernel does not check them
 * @param x address of queries, keys and values side by side, FP32 [rows][heads + 2 kvHeads][head]
 * @param queryNorm address of the weight of the norm on each query head, BF16 [head]; 0 if the spec has no such norms
 * @param keyNorm address of that on each key head, likewise
 * @param epsilon added to the mean square of a head
 * @param cos address of the cosines, FP32 [positions][head / 2]
 * @param sin address of the sines, likewise
 * @param queries address of the rotated queries, BF16 [rows][heads][head]
 * @param keys address of the layer's keys, in CachePages, BF16
 * @param values address of the layer's values, likewise
 */
public record KvAppendArguments(
        int rows,
        int heads,
        int kvHeads,
        int head,
        int tableLength,
        long positions,
        long sequences,
        long pages,
        long x,
        long queryNorm,
        long keyNorm,
        float epsilon,
        long cos,
        long sin,
        long queries,
        long keys,
        long values) {}
