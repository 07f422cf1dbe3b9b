/**
 * Products of MX and of plain operands: their kinds, the algorithms of each, and what lays out operands for them.
 *
 * <p>The algorithms of {@code portable/*.stg} are right on every GPU from sm_80 on. Those of {@code hopper/*.stg}, types that begin
 * with {@code Hopper}, are for sm_90a, where {@code mma.sync} on FP8 is emulated and only
 * {@code wgmma} is fast. They rest on one decision: no scale is left in a main loop. Scales are powers of two, so that MXFP4 and
 * MXFP6 elements times their scale, less one factor for the whole row, are FP8 numbers; the GEMM is a plain FP8 GEMM and applies
 * the two factors of an output to its finished sum. Measured on an H200, a factor in the loop costs 6 to 25 % and decoding packed
 * weights in registers nothing, as long as sums stay in the tensor cores; moving sums to FP32 at intervals costs 2 to 15 %. What was
 * tried on an H100 and is not faster: asking for the next product before the last one is waited for (decoding is hidden already),
 * decoding between the waves of a promoted tile, waves of 64 tokens, sums of two blocks of E3M2 (its fragments do not fit beside
 * them).
 *
 * <p>Formats of 8 bits fill their containers. A tolerance lets them be rounded there; without one, the partitions in them are multiplied in
 * BF16, which has room for every scale, and add to the same sums as the others, which stay in FP8: 128 bytes of a row are 128 channels in
 * the one and 64 in the other, so that one ring of stages feeds both. Their weights stay packed and are decoded in registers, their
 * activations are written in BF16 by the quantizer.
 *
 * <p>{@code hopper/mxgemm} serves many tokens: one warpgroup copies tiles that lie in memory as the tensor cores read them (so that no
 * tensor map is needed, which JCuda cannot make), two multiply. Where tokens are so many that decoding the same weights for each tile of
 * them adds up, {@code hopper/mxunpack} decodes them once. {@code hopper/mxstream} serves few tokens: bound by reading packed
 * weights, it streams them through FP16 {@code mma.sync} and keeps all of K in a block, since adding across blocks costs more than
 * it gains. Many warps with one block of channels under way each do better than deeper pipelines, prefetches into the L2 cache or
 * other orders of the weights: memory is busy with that much, and the rest would only be multiplied later, after the last byte.
 *
 * <p>{@code hopper/mxring} serves 9 to 64 tokens, for which streams multiply more than they read: FP8 {@code wgmma} takes weights as the
 * operand with 64 rows, so that no row of a product is wasted on tokens that are not there, and a ring of copies keeps memory busy. Measured
 * on an H200 for 32 tokens, reading alone reaches 3.9 TB/s and products beside it 3.6; what costs is adding up sums. Rings fill while the
 * kernels in front still run, each block of tokens is waited for alone, and what an epilogue reads is asked for before the last sums have
 * come: products of 4096 x 4096 weights took 8.6 us, and take 5.8. For 128 channels a warpgroup takes some 250 clocks, and 125 more for each
 * warpgroup of the block, which decode in turns. Clusters that share
 * channels are needed where tokens of all of them do not fit, and pay for each sum that one warpgroup sends another, so that these have
 * tiles of their own where there are enough. Sums are sent by {@code st.async}: an arrival at another block's barrier that releases what
 * was written waits for all of the thread's writes to global memory, 1.5 us a tile.
 *
 * <p>{@code blackwell/mxgemm} is for sm_120a, whose {@code mma.sync} takes a scale for each group of 32 beside the elements
 * ({@code kind::mxf8f6f4}, any pair of formats, 32 channels an instruction; {@code kind::mxf4}, E2M1 on both sides, 64 at the same time). It
 * reads what the portable kernels read. Elements of 4 and 6 bits become bytes in registers, in an order along K that suits their loads: under
 * one scale any order will do, if both sides have it. The four scales of a row's 128 channels are one register, whose bytes and lanes the
 * instructions pick: loads of scales cost next to nothing. All partitions add to one FP32 sum. Known from PTX are the places of elements and
 * scales in registers; the rates are published measurements of others. That no GPU has run these kernels means that their speed, and how their
 * sums are rounded where they are not exact, are not known. sm_100a has other MX instructions ({@code tcgen05}), which need kernels of their
 * own: it has the portable ones.
 */
package org.mxforge.codegen.kernel.gemm;
