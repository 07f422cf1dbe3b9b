package org.mxforge.runtime.kernel;

import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

/** Decides which variant of a GEMM, grouped or not, or of a quantizer a backend runs for a shape; asked once for each problem and bucketed shape. */
@FunctionalInterface
public interface VariantChooser {
    /**
     * Nothing measured: the first legal configuration, for a quantizer that of {@link QuantizerChoice}, and for a grouped GEMM that
     * of {@link GroupedGemmChoice}.
     */
    VariantChooser DEFAULTS = (problem, target, shape) -> {
        if (problem.spec() instanceof MxQuantizeSpec) {
            return QuantizerChoice.of(problem, target, shape.channels());
        }
        return problem.spec() instanceof MxGroupedGemmSpec
                ? GroupedGemmChoice.of(problem, target, shape.m())
                : problem.usual(target);
    };

    /** One of {@code problem.variants(target)}, or another that solves it. */
    KernelVariant choose(KernelProblem problem, Target target, KernelShape shape);

    /** Whether packed weights are better unpacked by a pass before the GEMM, see {@link UnpackChoice}. */
    default boolean unpacks(KernelProblem streamed, Target target, GemmShape shape) {
        return false;
    }
}
