/**
 * Kernel variants to CUDA C++. An algorithm turns a spec and a configuration into a plan: an output model, a record, and the
 * signature that the launcher is made from; the StringTemplate
 * template of the same name turns the model into text. Device code lives in the templates, every decision in Java, and neither
 * can miss the other's names: a missing template or argument stops the emission.
 *
 * <p>From sm_90 on kernels of a recorded step may begin before the kernel in front of them is done (programmatic dependent launch): their
 * blocks are in place, and what they need from far away is on its way, when their turn comes. Kernels that may say so themselves, by
 * {@code await_kernels_before()} of {@code device/overlap.stg}, for which all these rules hold:
 *
 * <ul>
 *   <li>All threads that touch global memory come by it first, and do not leave before it: kernels in front may still write what is read, and
 *       read what is written. In front of it a kernel may bring memory into L2, which is where all multiprocessors agree, and read arguments
 *       whose signature says that they are settled ({@link org.mxforge.dsl.launch.KernelArgument#settled}): weights, what the host wrote,
 *       the cache but for the positions of the step. The simulator finds every other access.
 *   <li>It waits for the one kernel in front, and so for all: that one has waited, too, before it ended. A launch is programmatic only if
 *       the text of the kernel waits ({@link CudaSource#awaitsKernelsBefore}), and only right behind another kernel of the same recording.
 *   <li>It lets the next kernel begin first. That can hold nobody up: a kernel's blocks are all in place, or done, when the next one's come.
 *       Quantizers of few rows in one format, what appends to the cache, and attention of single queries let it begin behind their wait only:
 *       weights that the GEMM behind them brings before would come in the way of the GEMM in front of them, whose end is waited for.
 *       So do all quantizers of rows by an index, for what was done before them, such as the routes of tokens to experts, the GEMM behind
 *       them may read before it waits itself, and bring the weights of the experts that it finds there.
 *   <li>Launched in order, by other programs or for other GPUs, it does nothing.
 * </ul>
 */
package org.mxforge.codegen.cuda;
