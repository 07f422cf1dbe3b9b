/**
 * Measures kernels on the GPU of this machine, in the manner of the peers they are compared with: a CUDA graph that runs once over
 * each of several operand sets, so that neither the host nor the L2 cache flatters, on random data, since zeros draw less power.
 *
 * <p>What is measured hides behind {@link org.mxforge.runtime.bench.BenchKernel}; another way to multiply becomes another line of
 * {@code bench gemm} by an entry in {@link org.mxforge.runtime.bench.GemmVariant}.
 */
package org.mxforge.runtime.bench;
