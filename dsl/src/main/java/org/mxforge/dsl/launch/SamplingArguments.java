package org.mxforge.dsl.launch;

/**
 * Arguments of drawing one token from each row of probabilities.
 *
 * @param rows rows of p
 * @param columns vocabulary size
 * @param topP address of each row's share of probability kept, FP32 [rows], in [0, 1]; 0 takes the most likely token
 * @param uniform address of one number in [0, 1) for each row, FP32 [rows]
 * @param p address of the probabilities, FP32 [rows][columns]
 * @param token address of the result, INT32 [rows]
 */
public record SamplingArguments(int rows, int columns, long topP, long uniform, long p, long token) {}
