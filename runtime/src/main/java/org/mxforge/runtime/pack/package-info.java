/**
 * Exact scale folding for sm_90a. E8M0 scales are powers of two, and the elements of MXFP4 and MXFP6 times 2^k are FP8 numbers for
 * a range of k, so a GEMM on folded operands is a plain FP8 GEMM with one factor for each row, at the rate of the FP8 tensor cores.
 * The folding here is the definition and serves tests, trials and weights that would be rounded; kernels that fold, of weights too, must
 * give the same values.
 */
package org.mxforge.runtime.pack;
