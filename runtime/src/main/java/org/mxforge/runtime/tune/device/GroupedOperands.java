package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * Operands of a grouped GEMM.
 *
 * @param a rows of all experts, padding included
 * @param b the rows of one expert, the codes and scales of all
 * @param routes INT32 [m / 128][2]
 */
record GroupedOperands(PackedOperand a, PackedOperand b, DeviceBuffer routes) implements GemmOperands {
    @Override
    public int m() {
        return a.rows();
    }

    @Override
    public int n() {
        return b.rows();
    }

    @Override
    public Object arguments(long extra, long d) {
        return new MxGroupedGemmArguments(m(), n(), routes.address(), a.times(b), extra, d);
    }
}
