package org.mxforge.runtime.tune.device;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** Trials of a kind that says itself what its kernels are tried on. */
record JudgedTrials(JudgedKind<KernelSpec> kind) implements TrialKind<KernelSpec, KernelShape> {
    @Override
    public String stem() {
        return kind.stem();
    }

    @Override
    public boolean tries(KernelSpec spec, OperandLayout layout, KernelShape shape) {
        return true;
    }

    @Override
    public ExactRun exact(
            CudaContext gpu, KernelSpec spec, OperandLayout layout, DevicePasses passes, KernelShape shape) {
        TrialOperands operands = kind.trial(spec, shape);
        return new Judged(sets(gpu, operands, 1), operands);
    }

    @Override
    public OperandCopies<?> operands(
            CudaContext gpu,
            KernelSpec spec,
            OperandLayout layout,
            DevicePasses passes,
            KernelShape shape,
            int copies) {
        return sets(gpu, kind.trial(spec, shape), copies);
    }

    private static OperandCopies<JudgedSet> sets(CudaContext gpu, TrialOperands operands, int copies) {
        return new OperandCopies<>(gpu, copies, (memory, stream) -> number -> JudgedSet.of(operands, memory));
    }

    /** The kind's own word on a result. */
    private record Judged(OperandCopies<JudgedSet> sets, TrialOperands operands) implements ExactRun {
        @Override
        public Optional<String> fault(ReadyKernel<Object> kernel) {
            JudgedSet set = sets.first();
            set.results().values().forEach(result -> result.poison(sets.stream()));
            set.launch(kernel, sets.stream());
            Map<String, byte[]> written = new HashMap<>();
            set.results().forEach((name, result) -> written.put(name, result.written(kernel)));
            return operands.fault().apply(written);
        }

        @Override
        public void close() {
            sets.close();
        }
    }
}
