package org.mxforge.dsl.launch;

/**
 * Arguments of p[m, :] = softmax(x[m, :] / temperatures[m]).
 *
 * @param rows rows of x and p
 * @param columns any number from 1 on
 * @param temperatures address of each row's temperature, FP32 [rows], more than 0: the kernel does not check them
 * @param x address of the logits, FP32 [rows][columns]
 * @param p address of the probabilities, FP32 [rows][columns]; may be x
 */
public record SoftmaxArguments(int rows, int columns, long temperatures, long x, long p) {}
