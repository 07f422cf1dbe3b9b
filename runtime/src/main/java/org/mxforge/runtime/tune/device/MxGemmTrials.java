package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Trials of mixed-precision GEMMs. */
record MxGemmTrials() implements HostTrialKind<MxGemmSpec, GemmShape> {
    @Override
    public String stem() {
        return MxGemmSpec.STEM;
    }

    @Override
    public boolean tries(MxGemmSpec spec, OperandLayout layout, GemmShape shape) {
        return MxGemmProblem.holds(shape);
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, MxGemmSpec spec, OperandLayout layout, DevicePasses passes, GemmShape shape) {
        MxGemmProblem problem = MxGemmProblem.exact(spec, layout, Slice.of(shape, spec.epilogue()));
        ResultCheck check = problem.check();
        return new ExactRun.Gemm(DeviceGemm.mixed(gpu, new MixedGemm(spec, layout, passes), problem, 1), check::fault);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu, MxGemmSpec spec, OperandLayout layout, DevicePasses passes, GemmShape shape, int copies) {
        MxGemmProblem problem = MxGemmProblem.random(spec, shape, RepeatedRows.BLOCK);
        return DeviceGemm.mixed(gpu, new MixedGemm(spec, layout, passes), problem, copies)
                .sets();
    }

    @Override
    public Trial trial(CpuTuningDevice host, MxGemmSpec spec, GemmShape shape) {
        return new CpuMxGemmTrial(host, spec, shape);
    }
}
