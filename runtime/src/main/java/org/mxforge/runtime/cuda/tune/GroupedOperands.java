package org.mxforge.runtime.cuda.tune;

import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.cuda.launch.MxGemmOperands;
import org.mxforge.runtime.cuda.launch.MxGroupedGemmArguments;

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
        return new MxGroupedGemmArguments(m(), n(), routes.address(), MxGemmOperands.of(a, b), extra, d);
    }
}
