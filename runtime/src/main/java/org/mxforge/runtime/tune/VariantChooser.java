package org.mxforge.runtime.tune;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;

/** Decides which variant of a GEMM a backend runs for a shape; asked once for each spec and bucketed shape. */
@FunctionalInterface
public interface VariantChooser {
    /** The first legal configuration, without looking at the shape. */
    VariantChooser DEFAULTS = (spec, target, shape) -> spec.space(target).defaultConfiguration();

    /**
     * A legal configuration of {@code spec.space(target)}.
     *
     * @param shape of a grouped GEMM, that of one expert with the mean number of tokens
     */
    Configuration choose(KernelSpec spec, Target target, GemmShape shape);
}
