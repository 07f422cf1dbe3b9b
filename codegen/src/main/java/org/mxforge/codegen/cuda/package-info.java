/**
 * Kernel variants to CUDA C++. An emitter turns a spec and its configuration into an output model, a record; the StringTemplate
 * template of the same name turns the model into text. Device code lives in the templates, every decision in Java, and neither
 * can miss the other's names: a missing template or argument stops the emission.
 *
 * <p>Kernels come in families. The portable one ({@code portable/*.stg}) is correct on every GPU from sm_80 on. The Hopper one
 * ({@code hopper/*.stg}, types that begin with {@code Hopper}) is for sm_90a, where {@code mma.sync} on FP8 is emulated and only
 * {@code wgmma} is fast. It rests on one decision: no scale is left in a main loop. Scales are powers of two, so that MXFP4 and
 * MXFP6 elements times their scale, less one factor for the whole row, are FP8 numbers; the GEMM is a plain FP8 GEMM and applies
 * the two factors of an output to its finished sum. Measured on an H200, a factor in the loop costs 6 to 25 % and decoding packed
 * weights in registers nothing, as long as sums stay in the tensor cores; moving sums to FP32 at intervals costs 2 to 15 %.
 *
 * <p>{@code hopper/mxgemm} serves many tokens: one warpgroup copies tiles that lie in memory as the tensor cores read them (so that no
 * tensor map is needed, which JCuda cannot make), two multiply. {@code hopper/mxstream} serves few: bound by reading packed weights,
 * it streams them through FP16 {@code mma.sync} and keeps all of K in a block, since adding across blocks costs more than it gains.
 */
package org.mxforge.codegen.cuda;
