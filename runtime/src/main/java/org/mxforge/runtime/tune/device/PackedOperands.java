package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.runtime.pack.PackedOperand;

/** Operands of a mixed GEMM. */
record PackedOperands(PackedOperand a, PackedOperand b) implements GemmOperands {
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
        return new MxGemmArguments(m(), n(), a.times(b), extra, d);
    }
}
