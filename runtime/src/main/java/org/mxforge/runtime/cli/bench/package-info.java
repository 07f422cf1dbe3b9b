/**
 * Commands that measure kernels on the GPU of this machine, and how they do it. They measure in the manner of the peers that kernels
 * are compared with: a CUDA graph that runs once over each of several operand sets, so that neither the host nor the L2 cache flatters, on random data, since zeros draw less power.
 * Rows of large operands repeat after a few tiles: making each would take the host longer than the GPU takes to be timed.
 *
 * <p>GEMMs and quantizers run in the configuration that the tuner chooses for models, searched for first where that is allowed, so
 * that a line says what a model would get. Where a line is about other configurations than those, such as sums that the tensor cores
 * keep, it has the one that the cost model expects most of.
 *
 * <p>What is measured hides behind {@link org.mxforge.runtime.cli.bench.BenchKernel}; another algorithm of the
 * kind is another line of {@code bench gemm} by itself. A clock is part of each result, since it depends on
 * the {@link org.mxforge.runtime.cli.bench.Pace}: a card that was idle is faster for some milliseconds. Bytes and operations are
 * those of {@link org.mxforge.dsl.shape.Work}, which the cost model counts as well; passes over operands do not add to them.
 */
package org.mxforge.runtime.cli.bench;
