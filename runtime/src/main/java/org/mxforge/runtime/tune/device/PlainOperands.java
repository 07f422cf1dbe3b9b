package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** BF16 operands of a plain GEMM, [m][k] and [n][k], in rows or in tiles. */
record PlainOperands(DeviceBuffer a, DeviceBuffer b, int m, int n, int k) implements GemmOperands {
    @Override
    public Object arguments(long epilogueOperand, long d) {
        return new DenseGemmArguments(m, n, k, a.address(), b.address(), epilogueOperand, d);
    }
}
