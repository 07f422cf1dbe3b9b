/**
 * What a GEMM variant should take, passes before its kernel included, computed from its spec, configuration and shape and from the numbers of a GPU: bytes,
 * tensor-core and CUDA-core cycles, waves, occupancy. It ranks the legal configurations and prunes the hopeless ones before
 * anything is compiled.
 *
 * <p>What is particular to a kernel family is behind {@code FamilyCost}: it says what one thread
 * block does, and {@link org.mxforge.runtime.tune.cost.CostModel} says how long a grid of such blocks takes.
 *
 * <p>Quantizers have a floor and no estimates: their few variants differ in threads alone, which a measured rule orders better
 * ({@link org.mxforge.dsl.spec.Algorithm#usual}).
 */
package org.mxforge.runtime.tune.cost;
