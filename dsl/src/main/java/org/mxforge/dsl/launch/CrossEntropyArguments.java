package org.mxforge.dsl.launch;

/**
 * Arguments of nll[m] = log(sum over v of exp(logits[m, v])) - logits[m, targets[m]].
 *
 * @param rows rows of the logits
 * @param columns vocabulary size
 * @param logits address of the logits, FP32 [rows][columns]
 * @param targets address of the target ids, INT32 [rows], each below columns: the kernel does not check them
 * @param nll address of the result in nats, FP32 [rows]
 */
public record CrossEntropyArguments(int rows, int columns, long logits, long targets, long nll) {}
