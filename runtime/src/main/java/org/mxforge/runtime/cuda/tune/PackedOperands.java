package org.mxforge.runtime.cuda.tune;

import java.util.ArrayList;
import java.util.List;
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
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < a.parts().size(); i++) {
            PackedOperand.Part left = a.parts().get(i);
            PackedOperand.Part right = b.parts().get(i);
            partitions.add(new MxGemmOperands(
                    left.codes().address(),
                    left.scales().address(),
                    right.codes().address(),
                    right.scales().address(),
                    left.channels()));
        }
        return new MxGemmArguments(m(), n(), partitions, extra, d);
    }
}
