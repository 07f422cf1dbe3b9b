package org.mxforge.runtime.kernel;

import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;

/**
 * What is to be computed, with operands that lie in a given way: what variants compete for.
 *
 * @param spec what is computed
 * @param layout how the weights of a product lie, or the result of a quantizer; {@link OperandLayout#PLAIN} elsewhere
 */
public record KernelProblem(KernelSpec spec, OperandLayout layout) {
    /** The problem that {@code variant} solves. */
    public static KernelProblem of(KernelVariant variant) {
        return new KernelProblem(variant.spec(), variant.algorithm().layout(Side.WEIGHT));
    }

    /**
     * The problem of the default algorithm.
     *
     * @throws IllegalArgumentException if {@code target} has no kernel for {@code spec}
     */
    public static KernelProblem usual(KernelSpec spec, Target target) {
        return of(KernelVariant.of(spec, target));
    }

    /**
     * The algorithms that solve it in one kernel, the preferred ones first.
     *
     * @throws IllegalArgumentException if {@code target} has none
     */
    public List<Algorithm<KernelSpec>> algorithms(Target target) {
        List<Algorithm<KernelSpec>> algorithms = KernelKinds.algorithms(spec, target).stream()
                .filter(algorithm -> algorithm.layout(Side.WEIGHT) == layout
                        && algorithm.passes(spec).isEmpty())
                .toList();
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + " with operands that lie as " + layout);
        }
        return algorithms;
    }

    /** All variants that are worth trying, the default first. */
    public List<KernelVariant> variants(Target target) {
        return algorithms(target).stream()
                .flatMap(algorithm -> algorithm.space(spec, target).legal().stream()
                        .map(configuration -> KernelVariant.of(spec, algorithm, target, configuration)))
                .toList();
    }

    /** The default variant. */
    public KernelVariant usual(Target target) {
        return KernelVariant.of(spec, algorithms(target).get(0), target);
    }
}
