package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;

/** Trials of GEMMs on INT8 operands. */
record Int8GemmTrials() implements TrialKind<Int8GemmSpec, GemmShape> {
    @Override
    public String stem() {
        return Int8GemmSpec.STEM;
    }

    @Override
    public boolean tries(Int8GemmSpec spec, OperandLayout layout, GemmShape shape) {
        return Int8GemmProblem.holds(shape);
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, Int8GemmSpec spec, OperandLayout layout, DevicePasses passes, GemmShape shape) {
        Int8GemmProblem problem = Int8GemmProblem.extreme(spec, Slice.of(shape, spec.epilogue()));
        ResultCheck check = problem.check();
        return new ExactRun.Gemm(DeviceGemm.integers(gpu, problem, 1), check::fault);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            Int8GemmSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            GemmShape shape,
            int copies) {
        return DeviceGemm.integers(gpu, Int8GemmProblem.random(spec, shape), copies)
                .sets();
    }
}
