package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Trials of GEMMs on plain operands. */
record DenseGemmTrials() implements HostTrialKind<DenseGemmSpec, GemmShape> {
    @Override
    public String stem() {
        return DenseGemmSpec.STEM;
    }

    @Override
    public boolean tries(DenseGemmSpec spec, OperandLayout layout, GemmShape shape) {
        return shape.k().size() == 1 && MxGemmProblem.holds(shape);
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, DenseGemmSpec spec, OperandLayout layout, DevicePasses passes, GemmShape shape) {
        DenseGemmProblem problem = DenseGemmProblem.exact(spec, Slice.of(shape, spec.epilogue()));
        ResultCheck check = problem.check();
        return new ExactRun.Gemm(DeviceGemm.plain(gpu, problem, layout, 1), check::fault);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            DenseGemmSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            GemmShape shape,
            int copies) {
        return DeviceGemm.plain(gpu, DenseGemmProblem.random(spec, shape), layout, copies)
                .sets();
    }

    @Override
    public Trial trial(CpuTuningDevice host, DenseGemmSpec spec, GemmShape shape) {
        return new CpuDenseGemmTrial(host, spec, shape);
    }
}
