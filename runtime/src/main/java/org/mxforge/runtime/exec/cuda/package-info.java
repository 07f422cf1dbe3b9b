/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; all work goes
 * to one stream, so that scratch memory can be handed on without waiting.
 *
 * <p>A recorded step is a CUDA graph. It is first run as it is, so that kernels are chosen, compiled and loaded before the recording;
 * steps have scratch memory of their own, since the addresses in a graph must not be handed to others.
 *
 * <p>Memory is of three sorts: that of a model, which its backend gives back; that of caches; and scratch, in a few blocks that are kept.
 * After a run that warmed up nothing is asked of the driver. What all that comes to is planned by doing the same on paper: a GPU that
 * launches and copies nothing and counts what is taken, so that plans cannot fall behind the code.
 *
 * <p>Weights are read when they are loaded, by all cores, through pinned memory. Those of recipes that round to nearest come as they were
 * trained, and are quantized by the kernel that quantizes activations; where scales are folded, a kernel folds them, too
 * ({@link org.mxforge.dsl.spec.MxFoldSpec}). The host does what would round, and the other quantization algorithms.
 *
 * <p>How the weights of a quantized layer are kept is decided once, when it is loaded: as is best over the numbers of tokens that it will
 * see, among the layouts that some exact algorithm reads ({@link org.mxforge.runtime.kernel.VariantChooser#layout}). {@link org.mxforge.runtime.base.options.Folding} says what is
 * exact enough, or leaves portable algorithms alone. On sm_90a that comes to tokens in FP8 containers and weights in E2M1 and E3M2 as
 * packed fragments where every element has room for its scale, to tokens in BF16 and weights as fragments in those partitions where neither
 * has, and to packed codes beside re-tiled scales where only one of the two has.
 *
 * <p>By which algorithm a product is computed is decided for each number of tokens
 * ({@link org.mxforge.runtime.kernel.VariantChooser#choose}). A GEMM decodes weights again for each tile of tokens; an algorithm with
 * passes decodes them once, into scratch memory, and multiplies what these made. All come to the same values, so that time alone decides.
 *
 * <p>The quantized experts of a layer run together: tokens are put into the order of {@link org.mxforge.dsl.layout.ExpertTiles}, and
 * gate and up are one grouped GEMM, and down is another. The host sees neither scores nor choices, so that it never waits; what that costs is
 * rows without tokens, which are gathered and quantized like others; up to 16 tokens lie in low tiles, which have few of them. One launch of a quantizer has one split and one order. The split is
 * equal by calibration, see {@code runtime.calibration}. The order is equal for what experts read. Between their layers each
 * has its own, since its channels are nobody else's; there it moves into the rows of gate and up when they are loaded, which
 * then write the channels where down wants them, and no number changes. Plain experts, and those that were quantized apart
 * from each other (earlier checkpoints, calibrations changed by hand), run one after the other as on the CPU.
 *
 * <p>Two GPUs of a host do not share a model yet; no machine with two was there to check it on. The plan, tensor parallel:
 *
 * <ul>
 *   <li>One process and one thread drive both. Each GPU has a backend of its own, with its weights, caches, scratch and stream, and peer
 *       access to the other ({@code cuCtxEnablePeerAccess}; refused with a sentence where the driver has none). Memory is planned on
 *       paper for each, as now.
 *   <li>Query, key and value, and gate and up, are cut by outputs: half of the key/value heads with the query heads that share them, and
 *       half of the channels between gate and down. Down wants its channels in the order of its partitions, so that each GPU gets half of
 *       every partition, whole tiles of 128, and gate and up have the rows that make them, as experts do. The output projection and down
 *       are cut by channels, so that groups of 32 and their scales stay whole. Norms, embedding and routers are on both; each expert is cut
 *       as a dense layer is, so that both GPUs route alike without a word. The head is cut by the vocabulary. Files are read as they
 *       are: a half is rows, or pieces of rows, of a {@code ByteSource}.
 *   <li>Keys and values never leave their GPU. What is exchanged are the sums behind the output projection and behind down, two times a
 *       layer, FP32 [tokens][hidden]: each GPU copies its own into the other's buffer, and both add first's, second's and the residual in this
 *       order, in the kernel that normalizes and quantizes next. Both then have the same bits, so that all that follows agrees. The head's
 *       halves exchange the best scores and the sums of the exponentials; the choice is made on both from the same numbers.
 *   <li>A prompt of 2,048 tokens of an 8B model exchanges 32 MiB 64 times: 75 us each at 450 GB/s, about 5 ms of 60, halved by copying one half
 *       of the tokens while the other is multiplied. A step of one token exchanges 16 KiB, which latency makes 3 to 5 us: there the product's
 *       epilogue writes straight into the other's memory and raises a flag, and the next kernel waits for its own.
 *   <li>A step stays one graph: the recording begins on the first GPU's stream, the second's joins by an event, peer copies are nodes, and
 *       events order them across GPUs; it is launched once. Buckets, scratch of their own and replay are as now.
 *   <li>What it must show: logits as on one GPU up to the order of the two sums, the same residual bits on both after every layer, tokens that do
 *       not depend on which GPU is first, no memory left behind after an error on one of them, and the time of prefill and steps beside one
 *       GPU's in the same call.
 * </ul>
 */
package org.mxforge.runtime.exec.cuda;
