package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;

/** Another way to a product: passes that lay its operands out anew, and a GEMM of what they made. */
interface Detour {
    /** No other way. */
    Detour NONE = new Detour() {
        @Override
        public boolean pays(KernelProblem problem, GemmShape shape) {
            return false;
        }

        @Override
        public void multiply(KernelProblem problem, GemmShape shape, MxGemmArguments arguments) {
            throw new IllegalStateException(
                    "there is no detour for " + problem.spec().text());
        }
    };

    /** Whether it is faster for this shape. */
    boolean pays(KernelProblem problem, GemmShape shape);

    /** Launches the product of {@code arguments}, whose operands are laid out as {@code problem} says. */
    void multiply(KernelProblem problem, GemmShape shape, MxGemmArguments arguments);
}
