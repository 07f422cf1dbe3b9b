package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;

/** Trials of the GEMMs of all experts of a layer. */
record MxGroupedGemmTrials() implements TrialKind<MxGroupedGemmSpec, GroupedShape> {
    @Override
    public String stem() {
        return MxGroupedGemmSpec.STEM;
    }

    /** Operands of all tokens lie in arrays of the host, in 4 bytes an element at most. */
    @Override
    public boolean tries(MxGroupedGemmSpec spec, OperandLayout layout, GroupedShape shape) {
        if (shape.experts() > ExpertOrderSpec.MOST_EXPERTS || shape.channels() > MxGemmProblem.MOST_CHANNELS) {
            return false;
        }
        long rows = shape.experts() * (shape.m() + spec.tile().rows() - 1L);
        return rows <= Integer.MAX_VALUE / Float.BYTES / Math.max(shape.channels(), shape.n());
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, MxGroupedGemmSpec spec, OperandLayout layout, DevicePasses passes, GroupedShape shape) {
        ExactExperts exact = ExactExperts.of(spec, layout, shape);
        GroupedCheck check = exact.check();
        return new ExactRun.Gemm(DeviceGemm.grouped(gpu, exact.together(), passes, 1), check::fault);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            MxGroupedGemmSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            GroupedShape shape,
            int copies) {
        return DeviceGemm.grouped(gpu, MxGroupedGemmProblem.random(spec, layout, shape), passes, copies)
                .sets();
    }
}
