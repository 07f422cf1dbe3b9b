/**
 * The CPU target: FP32 activations, weights packed as they were saved, kernels emitted per spec and compiled in memory.
 *
 * <p>Weights are decoded tile by tile inside the kernels and never as a whole, so that a quantized model takes the memory of
 * its packed form. Loops run over contiguous output columns because HotSpot vectorises those, and does not vectorise sums.
 */
package org.mxforge.runtime.exec.cpu;
