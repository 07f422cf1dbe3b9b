package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;

/** Another way to a product: passes that lay its operands out anew, and a GEMM of what they made. */
interface Detour {
    /** No other way. */
    Detour NONE = new Detour() {
        @Override
        public boolean pays(MxGemmSpec spec, GemmShape shape) {
            return false;
        }

        @Override
        public void multiply(MxGemmSpec spec, GemmShape shape, MxGemmArguments arguments) {
            throw new IllegalStateException("there is no detour for " + spec.text());
        }
    };

    /** Whether it is faster for this shape. */
    boolean pays(MxGemmSpec spec, GemmShape shape);

    /** Launches the product of {@code arguments}, whose operands are laid out as {@code spec} says. */
    void multiply(MxGemmSpec spec, GemmShape shape, MxGemmArguments arguments);
}
