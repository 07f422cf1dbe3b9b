package org.mxforge.runtime.kernel;

import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;

/**
 * Decides how a backend computes something: by which algorithm, in which configuration, and how the weights of a layer are kept.
 * Asked once for each problem and bucketed shape, and once for each size of a layer.
 */
@FunctionalInterface
public interface VariantChooser {
    /** Nothing measured: what the preferred algorithm does with problems of such a size. */
    VariantChooser DEFAULTS = KernelProblem::usual;

    /** One of {@code problem.variants(target)}, or another that solves it; passes of its algorithm run before its kernel. */
    KernelVariant choose(KernelProblem problem, Target target, KernelShape shape);

    /**
     * How the weight of a layer is best kept: over all numbers of tokens that it will see.
     *
     * @param spec its product
     * @param scope which algorithms may compute it
     * @param n output channels
     * @param k channels of each partition
     */
    default OperandLayout layout(MxGemmSpec spec, Target target, KernelProblem.Scope scope, int n, List<Integer> k) {
        return KernelProblem.layouts(spec, target, scope).get(0);
    }
}
