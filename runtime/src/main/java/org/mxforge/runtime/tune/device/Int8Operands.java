package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * Operands of a GEMM on INT8.
 *
 * @param a [m][k] in {@link org.mxforge.dsl.layout.Int8Tile}s
 * @param b [n][k] likewise
 * @param rowScales FP32 [m]
 * @param columnScales FP32 [n]
 */
record Int8Operands(
        DeviceBuffer a, DeviceBuffer b, DeviceBuffer rowScales, DeviceBuffer columnScales, int m, int n, int k)
        implements GemmOperands {
    @Override
    public Object arguments(long epilogueOperand, long d) {
        return new Int8GemmArguments(
                m, n, k, a.address(), b.address(), rowScales.address(), columnScales.address(), epilogueOperand, d);
    }
}
