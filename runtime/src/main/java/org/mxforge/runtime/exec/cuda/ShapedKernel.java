package org.mxforge.runtime.exec.cuda;

import java.util.List;
import java.util.function.Consumer;
import org.mxforge.dsl.spec.Pass;

/**
 * What was chosen for a shape.
 *
 * @param <A> argument record of the kernel's stem
 * @param passes what lays the operands out for the kernel, run before each launch by {@link PassRunner}
 */
record ShapedKernel<A>(List<Pass> passes, Consumer<A> kernel) {
    /** Launches the kernel; {@code arguments} are what the passes made. */
    void launch(A arguments) {
        kernel.accept(arguments);
    }
}
