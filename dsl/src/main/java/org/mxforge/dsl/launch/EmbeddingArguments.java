package org.mxforge.dsl.launch;

/**
 * Arguments of y[m, :] = table[ids[m], :].
 *
 * @param rows tokens
 * @param columns hidden size; a multiple of 8
 * @param ids address of the token ids, INT32 [rows], each a row of the table: the kernel does not check them
 * @param table address of the table, BF16 [vocabulary][columns]
 * @param y address of the output, [rows][columns] in the spec's type
 */
public record EmbeddingArguments(int rows, int columns, long ids, long table, long y) {}
