package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;

/**
 * Operands of a mixed GEMM.
 *
 * @param m rows of A
 * @param n rows of B
 * @param passes what lays them out for the kernel
 * @param partitions what the kernel reads
 */
record PackedOperands(int m, int n, List<ReadyPass> passes, List<MxGemmOperands> partitions) implements GemmOperands {
    PackedOperands {
        passes = List.copyOf(passes);
        partitions = List.copyOf(partitions);
    }

    @Override
    public Object arguments(long epilogueOperand, long d) {
        return new MxGemmArguments(m, n, partitions, epilogueOperand, d);
    }
}
