package org.mxforge.runtime.tune.search;

import java.util.List;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** A GPU that is not here: what is known about it can be asked, but nothing can be tried. */
record AbsentGpu(String name, Target target, Toolchain toolchain) implements TuningDevice {
    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return problem.work(shape).isPresent();
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        throw new IllegalStateException("nothing can be tried on " + name + ", which is not here");
    }
}
