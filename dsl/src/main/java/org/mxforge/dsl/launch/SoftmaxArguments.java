package org.mxforge.dsl.launch;

/**
 * Arguments of p[m, :] = softmax(x[m, :] / temperature).
 *
 * @param rows rows of x and p
 * @param columns any number from 1 on
 * @param temperature more than 0
 * @param x address of the logits, FP32 [rows][columns]
 * @param p address of the probabilities, FP32 [rows][columns]; may be x
 */
public record SoftmaxArguments(int rows, int columns, float temperature, long x, long p) {}
