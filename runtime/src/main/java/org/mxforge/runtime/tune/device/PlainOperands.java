package org.mxforge.runtime.tune.device;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.DenseGemmArguments;

/** BF16 operands of a plain GEMM, [m][k] and [n][k]. */
record PlainOperands(DeviceBuffer a, DeviceBuffer b, int m, int n, int k) implements GemmOperands {
    @Override
    public Object arguments(long extra, long d) {
        return new DenseGemmArguments(m, n, k, a.address(), b.address(), extra, d);
    }
}
