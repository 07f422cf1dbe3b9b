/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; all work goes
 * to one stream, so that scratch memory can be handed on without waiting.
 *
 * <p>A recorded step is a CUDA graph. It is first run as it is, so that kernels are chosen, compiled and loaded before the recording;
 * its scratch memory is its own, since the addresses in the graph must not be handed to others.
 *
 * <p>On sm_90a quantized layers are laid out for FP8 tensor cores where that changes no element, see
 * {@link org.mxforge.runtime.base.options.Folding}: tokens in FP8 containers, weights in E2M1 and E3M2 as packed fragments that the GEMM
 * decodes to FP8 on their way, others in containers too. Layers whose elements have no room for a scale are as on other GPUs: packed
 * codes as they were loaded, beside re-tiled scales, which the GEMM decodes to BF16.
 *
 * <p>A GEMM decodes weights again for each tile of tokens. A {@code Detour} decodes them once, by passes into scratch memory, and
 * multiplies what these made. Both come to the same values, so that time alone decides. There are two. {@code Unpacking} turns fragments into FP8
 * containers, which pays for thousands of tokens: by what was measured of the GEMMs with and without it, see
 * {@link org.mxforge.runtime.kernel.UnpackChoice}, and never where they were not measured. {@code Expansion} turns both operands of layers
 * that are not folded into BF16 tiles, which the GEMM behind it multiplies by wgmma, as the GEMM of packed operands cannot; it is taken
 * from 32 tokens on. Experts that run together know the second alone, and decide by the tokens that one gets on average.
 *
 * <p>The quantized experts of a layer run together: tokens are put into the order of {@link org.mxforge.dsl.layout.ExpertTiles}, and
 * gate, up and down are one grouped GEMM each. The host sees neither scores nor choices, so that it never waits; what that costs is
 * rows without tokens, which are gathered and quantized like others. One launch of a quantizer has one split and one order. The split is
 * equal by calibration, see {@code runtime.calibration}. The order is equal for what experts read. Between their layers each
 * has its own, since its channels are nobody else's; there it moves into the rows of gate and up when they are loaded, which
 * then write the channels where down wants them, and no number changes. Plain experts, and those that were quantized apart
 * from each other (earlier checkpoints, calibrations changed by hand), run one after the other as on the CPU.
 */
package org.mxforge.runtime.exec.cuda;
