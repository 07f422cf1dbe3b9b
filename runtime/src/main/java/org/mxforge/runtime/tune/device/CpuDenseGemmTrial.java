package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cpu.CpuDenseGemm;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Trials of a plain GEMM on the host. */
final class CpuDenseGemmTrial implements Trial {
    private final CpuTuningDevice device;
    private final DenseGemmProblem exact;
    private final ResultCheck check;
    private final CpuDenseGemm.Operands checked;
    private final DenseGemmProblem timed;
    private final CpuDenseGemm.Operands full;

    CpuDenseGemmTrial(CpuTuningDevice device, DenseGemmSpec spec, GemmShape shape) {
        this.device = device;
        this.exact = DenseGemmProblem.exact(spec, Slice.of(shape, spec.epilogue()));
        this.check = exact.check();
        this.checked = operands(exact);
        this.timed = DenseGemmProblem.random(spec, shape);
        this.full = operands(timed);
    }

    /** The CPU target keeps activations in FP32. */
    private static CpuDenseGemm.Operands operands(DenseGemmProblem problem) {
        GemmShape shape = problem.shape();
        return new CpuDenseGemm.Operands(
                DenseGemmProblem.floats(problem.activation()),
                ScalarArray.bf16(problem.weight()),
                shape.n(),
                problem.channels(),
                problem.epilogueOperand(),
                new float
                        [Math.multiplyExact(shape.m(), problem.spec().epilogue().columns(shape.n()))]);
    }

    @Override
    public Candidate prepare(KernelVariant variant) {
        CpuDenseGemm kernel = device.kernel(variant, CpuDenseGemm.class);
        return new HostCandidate(
                () -> {
                    device.runner().run(kernel, checked, exact.shape().m());
                    return checked.out();
                },
                check,
                () -> device.runner().run(kernel, full, timed.shape().m()));
    }

    @Override
    public void close() {}
}
