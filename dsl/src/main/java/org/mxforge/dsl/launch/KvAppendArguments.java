package org.mxforge.dsl.launch;

/**
 * Arguments of putting new keys and values into one layer's key/value cache.
 *
 * @param rows tokens
 * @param kvHeads key/value heads of one row
 * @param head size of one head; a multiple of 8
 * @param tableLength entries of each sequence's page table
 * @param positions address of the rows' positions, INT32 [rows]
 * @param sequences address of the rows' sequences, INT32 [rows]
 * @param pages address of the page tables, INT32 [sequences][tableLength], each entry a page of the cache: the kernel does not check them
 * @param x address of the keys before their rotation, FP32 [rows][kvHeads][head]
 * @param v address of the values, BF16 [rows][kvHeads][head]
 * @param cos address of the cosines, FP32 [positions][head / 2]
 * @param sin address of the sines, likewise
 * @param keys address of the layer's keys, in CachePages, BF16
 * @param values address of the layer's values, likewise
 */
public record KvAppendArguments(
        int rows,
        int kvHeads,
        int head,
        int tableLength,
        long positions,
        long sequences,
        long pages,
        long x,
        long v,
        long cos,
        long sin,
        long keys,
        long values) {}
