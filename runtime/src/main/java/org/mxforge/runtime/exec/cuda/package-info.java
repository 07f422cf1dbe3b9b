/**
 * The decoder's operations on a GPU, every one of them a generated kernel. Activations are BF16, logits FP32; all work but
 * passes over weights goes to one stream, so that scratch memory can be handed on without waiting.
 *
 * <p>{@link org.mxforge.runtime.exec.cuda.CudaBackend} is the door, and {@code Gpu} what everything behind it shares: the stream, kernels
 * ({@code KernelLauncher}) and memory ({@code Scratch...}). {@code Cuda...} are the types of {@code exec.spi} on a GPU. What a model keeps there
 * comes through {@code CudaWeights}: {@code DenseLinear}, {@code Int8Linear} and {@code MxLinear} are its layers, each with an input of its own
 * ({@code DenseInput}, {@code MxInput}), {@code GroupedExperts} the experts of a layer, with {@code ExpertRoutes}. {@code DryRun...} stand in where
 * memory is only planned, {@code Fp64Matrix} serves the search for formats.
 *
 * <p>A recorded step is a CUDA graph. It is first run as it is, so that kernels are chosen, compiled and loaded before the recording;
 * steps have scratch memory of their own, since the addresses in a graph must not be handed to others.
 *
 * <p>Memory is of three sorts: that of a model, which its backend gives back; that of caches; and scratch, in a few blocks that are kept.
 * After a run that warmed up nothing is asked of the driver. What all that comes to is planned by a dry run: a GPU that
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
 * Passes over weights wait for no activations: they go to a stream of their own, whose kernels run where those of the other leave
 * multiprocessors, for two products in turn, {@code AheadStream}.
 *
 * <p>Gate and up of a quantized MLP are one product that puts out silu(gate) * up ({@link org.mxforge.dsl.spec.Epilogue#SWIGLU}), for few tokens
 * and for many: the rows of both alternate by eights, so that one thread has the sums of a gate and of its factor, whatever instruction of
 * the tensor cores made them. Nothing is rounded between the sums and the product. Experts do it, too; plain and INT8 layers put out both and leave
 * the rest to what prepares the input of the next layer.
 *
 * <p>The quantized experts of a layer run together: tokens are put into the order of {@link org.mxforge.dsl.layout.ExpertTiles}, and
 * gate and up are one grouped GEMM, and down is another. The host sees neither scores nor choices, so that it never waits; what that costs is
 * room for rows without tokens, which no kernel touches. Quantizers take tokens from the residual stream to where their experts' rows are,
 * norm included. Up to 16 tokens lie in low tiles, and one kernel chooses for them and orders them: what a step of few tokens waits for is
 * launches and code that is far away. Nor do they reach all experts, which is how their grouped GEMMs are chosen. One launch of a
 * quantizer has one split and one order. The split is
 * equal by calibration, see {@code runtime.quant}. The order is equal for what experts read. Between their layers each
 * has its own, since its channels are nobody else's; there it moves into the rows of gate and up when they are loaded, which
 * then write the channels where down wants them, and no number changes. Plain experts, and those that were quantized apart
 * from each other (earlier checkpoints, calibrations changed by hand), run one after the other as on the CPU.
 *
 * <p>Rounding weights in the light of their inputs is done in FP64: products of one template, and three kernels besides. Large
 * matrices are factored from the last block of rows up, so that the lower triangle L of the factor, with L^T L = H, and the root R = L^-T come
 * out a row of blocks at a time, and everything but the blocks on the diagonal is a product: {@code Fp64Matrix}. R is what the columns are
 * rounded by, and R^T R the inverse. No library of NVIDIA's is asked for, since users have none but the driver and NVRTC.
 *
 * <p>GPUs of a host that share a model are driven by one thread, each with a backend of its own, its weights, caches, scratch and stream;
 * {@link org.mxforge.runtime.exec.shard} says what each has. They read each other's memory ({@code cuCtxEnablePeerAccess}): two
 * kernels that join and add what all have read it where it lies. One stream waits for another by an event. A step stays one graph: the
 * recording begins on the first GPU's stream, the others join it by an event and are back before it ends, and the order between GPUs becomes
 * edges of the graph; it is launched once.
 */
package org.mxforge.runtime.exec.cuda;
