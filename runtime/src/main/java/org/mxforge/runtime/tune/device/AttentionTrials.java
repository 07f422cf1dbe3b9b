package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;

/** Trials of attention, which is right within a bound: no operands make exponentials exact. */
record AttentionTrials() implements TrialKind<AttentionSpec, AttentionShape> {
    @Override
    public String stem() {
        return AttentionSpec.STEM;
    }

    @Override
    public boolean tries(AttentionSpec spec, OperandLayout layout, AttentionShape shape) {
        return true;
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, AttentionSpec spec, OperandLayout layout, DevicePasses passes, AttentionShape shape) {
        AttentionProblem problem = AttentionProblem.ragged(spec, shape);
        return new ExactRun.Attention(new DeviceAttention(gpu, problem, 1), problem.results());
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            AttentionSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            AttentionShape shape,
            int copies) {
        return new DeviceAttention(gpu, AttentionProblem.random(spec, shape), copies).sets();
    }
}
