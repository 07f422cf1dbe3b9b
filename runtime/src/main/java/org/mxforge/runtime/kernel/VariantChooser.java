package org.mxforge.runtime.kernel;

import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

/**
 * Decides how a backend computes something: by which algorithm, in which configuration, and how the weights of a layer are kept.
 * Asked once for each problem and bucketed shape, and once for each layer.
 */
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

    /** One of {@code problem.variants(target)}, or another that solves it; passes of its algorithm run before its kernel. */
    KernelVariant choose(KernelProblem problem, Target target, KernelShape shape);

    /**
     * How the weights of a layer are best kept, over all numbers of tokens that it will see.
     *
     * @param spec a product of the layer
     * @param scope which algorithms may compute it
     * @param n output channels
     * @param k channels of each partition
     */
    default OperandLayout layout(MxGemmSpec spec, Target target, KernelProblem.Scope scope, int n, List<Integer> k) {
        return KernelProblem.layouts(spec, target, scope).get(0);
    }
}
