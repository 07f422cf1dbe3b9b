package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.QuantizeShape;

/** What a spec and a shape come to, whatever kernel does it. */
public sealed interface Work permits GemmWork, GroupedWork, QuantizeWork {
    /** Bytes that have to cross the device memory once. */
    long bytes();

    /** Multiply-adds for the tensor cores. */
    double macs();

    /** Clocks that the tensor cores of one multiprocessor need at least, at {@code rates}. */
    double tensorCycles(TensorRates rates);

    /** The work of {@code problem} on {@code shape}; empty if it is no GEMM or quantizer of so many partitions. */
    static Optional<Work> of(KernelProblem problem, KernelShape shape) {
        KernelSpec spec = problem.spec();
        if (spec instanceof MxQuantizeSpec quantizer && shape instanceof QuantizeShape rows) {
            return QuantizeWork.of(quantizer, problem.layout().isFolded(), rows).map(work -> work);
        }
        return spec instanceof MxGroupedGemmSpec grouped && shape instanceof GroupedShape tokens
                ? GroupedWork.of(grouped, tokens).map(work -> work)
                : GemmWork.of(spec, shape).map(work -> work);
    }
}
