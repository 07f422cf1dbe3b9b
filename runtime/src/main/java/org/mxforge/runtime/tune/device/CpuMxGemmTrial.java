package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Trials of a mixed GEMM on the host. */
final class CpuMxGemmTrial implements Trial {
    private final CpuTuningDevice device;
    private final MxGemmSpec spec;
    private final MxGemmProblem exact;
    private final ResultCheck check;
    private final MxGemmProblem timed;
    private final float[] out;

    CpuMxGemmTrial(CpuTuningDevice device, MxGemmSpec spec, GemmShape shape) {
        this.device = device;
        this.spec = spec;
        this.exact = MxGemmProblem.exact(spec, OperandLayout.ROWS, Slice.of(shape, spec.epilogue()));
        this.check = exact.check();
        this.timed = MxGemmProblem.random(spec, shape, Integer.MAX_VALUE);
        this.out = new float[Math.multiplyExact(shape.m(), spec.epilogue().columns(shape.n()))];
    }

    @Override
    public Candidate prepare(KernelVariant variant) {
        CpuMxGemm kernel = device.kernel(variant, CpuMxGemm.class);
        return new HostCandidate(
                () -> {
                    float[] result = new float[exact.m() * spec.epilogue().columns(exact.n())];
                    run(kernel, exact, result);
                    return result;
                },
                check,
                () -> run(kernel, timed, out));
    }

    private void run(CpuMxGemm kernel, MxGemmProblem problem, float[] result) {
        device.runner()
                .run(kernel, problem.activation().block(), problem.weight().block(), problem.epilogueOperand(), result);
    }

    @Override
    public void close() {}
}
