package org.mxforge.runtime.tune.wisdom;

import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.QuantizeShape;

/**
 * What a search was for.
 *
 * @param problem what the kernel computes, and how operands lie
 * @param target what it is compiled for
 * @param device name of the device it ran on
 * @param shape size, M rounded to its bucket
 */
public record WisdomKey(KernelProblem problem, Target target, String device, KernelShape shape) {
    public WisdomKey {
        problem = problem.within(KernelProblem.Scope.ALL);
        if (!kind(problem.spec()).isInstance(shape)) {
            throw new IllegalArgumentException("shape " + shape.text() + " is not one of "
                    + problem.spec().text() + ": write " + KernelShape.FORMS);
        }
        if (!shape.equals(shape.bucketed())) {
            throw new IllegalArgumentException("wisdom is kept for bucketed shapes, not for " + shape.text());
        }
    }

    /** What the kernel computes. */
    public KernelSpec spec() {
        return problem.spec();
    }

    private static Class<? extends KernelShape> kind(KernelSpec spec) {
        if (spec instanceof MxQuantizeSpec) {
            return QuantizeShape.class;
        }
        return spec instanceof MxGroupedGemmSpec ? GroupedShape.class : GemmShape.class;
    }
}
