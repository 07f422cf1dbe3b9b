package org.mxforge.dsl.launch;

/**
 * Both operands of one partition of a mixed GEMM; scales lie as the spec's group layout says.
 *
 * @param activationCodes address of A's packed codes, [m][channels]
 * @param activationScales address of A's E8M0 scales
 * @param weightCodes address of B's packed codes, [n][channels]
 * @param weightScales address of B's E8M0 scales
 * @param channels the partition's K: a multiple of 32, or 0, and then the addresses are not read
 */
public record MxGemmOperands(
        long activationCodes, long activationScales, long weightCodes, long weightScales, int channels) {}
