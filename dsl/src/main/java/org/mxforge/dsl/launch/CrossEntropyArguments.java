package org.mxforge.dsl.launch;

/**
 * Arguments of adding a part of the vocabulary to the loss of targets. Parts come in the order of their tokens.
 *
 * @param rows rows of the logits
 * @param columns tokens of this part
 * @param first the first of them; 0 begins anew
 * @param logits address of the part's logits, FP32 [rows][columns]
 * @param targets address of the target ids, INT32 [rows], each in one of the parts: the kernel does not check them
 * @param state address of what came of the parts so far, FP32 [rows][3]: the largest logit, the sum of exp(logit - largest), and the
 *     target's logit; changed by the kernel
 */
public record CrossEntropyArguments(int rows, int columns, int first, long logits, long targets, long state) {}
