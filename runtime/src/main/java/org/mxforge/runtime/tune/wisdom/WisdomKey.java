package org.mxforge.runtime.tune.wisdom;

import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;

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
        if (!KernelKinds.tuned(problem.spec())
                .map(kind -> kind.shapes().isInstance(shape))
                .orElse(false)) {
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
}
