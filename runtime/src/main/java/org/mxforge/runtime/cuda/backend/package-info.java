/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; weights stay as they
 * were packed, with their scales re-tiled; all work goes to one stream, so that scratch memory can be handed on without waiting.
 *
 * <p>On sm_90a quantized layers are laid out for FP8 tensor cores where that changes no element; layers whose elements have no room for
 * a scale are expanded to BF16 when there are many tokens, see {@link org.mxforge.runtime.cuda.backend.Folding}.
 */
package org.mxforge.runtime.cuda.backend;
