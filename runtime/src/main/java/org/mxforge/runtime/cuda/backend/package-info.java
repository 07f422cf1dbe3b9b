/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; weights stay as they
 * were packed, with their scales re-tiled; all work goes to one stream, so that scratch memory can be handed on without waiting.
 */
package org.mxforge.runtime.cuda.backend;
