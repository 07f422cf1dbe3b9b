/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; weights stay as they
 * were packed, with their scales re-tiled; all work goes to one stream, so that scratch memory can be handed on without waiting.
 *
 * <p>On sm_90a quantized layers are laid out for FP8 tensor cores where that changes no element; layers whose elements have no room for
 * a scale are expanded to BF16 when there are many tokens, see {@link org.mxforge.runtime.cuda.backend.Folding}.
 *
 * <p>The quantized experts of a layer run together: tokens are put into the order of {@link org.mxforge.dsl.layout.ExpertTiles}, and
 * gate, up and down are one grouped GEMM each. The host sees neither scores nor choices, so that it never waits; what that costs is
 * rows without tokens, which are gathered and quantized like others. One launch of a quantizer has one split and one order. The split is
 * equal by calibration, see {@code runtime.calibration}. The order is equal for what experts read. Between their layers each
 * has its own, since its channels are nobody else's; there it moves into the rows of gate and up when they are loaded, which
 * then write the channels where down wants them, and no number changes. Plain experts, and those that were quantized apart
 * from each other (earlier checkpoints, calibrations changed by hand), run one after the other as on the CPU.
 */
package org.mxforge.runtime.cuda.backend;
