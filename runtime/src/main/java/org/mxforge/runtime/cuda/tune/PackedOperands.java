package org.mxforge.runtime.cuda.tune;

import org.mxforge.runtime.cuda.PackedOperand;
import org.mxforge.runtime.cuda.launch.MxGemmArguments;
import org.mxforge.runtime.cuda.launch.MxGemmOperands;

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
        return new MxGemmArguments(m(), n(), MxGemmOperands.of(a, b), extra, d);
    }
}
