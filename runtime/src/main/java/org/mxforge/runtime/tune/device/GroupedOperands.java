package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/**
 * Operands of a grouped GEMM.
 *
 * @param m rows of A, all experts and padding included
 * @param n rows of one expert's B
 * @param routes INT32 [tiles][2]
 * @param passes what lays the operands out for the kernel
 * @param partitions what the kernel reads
 */
record GroupedOperands(int m, int n, DeviceBuffer routes, List<ReadyPass> passes, List<MxGemmOperands> partitions)
        implements GemmOperands {
    @Override
    public Object arguments(long epilogueOperand, long d) {
        return new MxGroupedGemmArguments(m, n, routes.address(), partitions, epilogueOperand, d);
    }
}
