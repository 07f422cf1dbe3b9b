package org.mxforge.runtime.tune.search;

import java.util.List;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.wisdom.Toolchain;

/** A device that kernels are tuned on. */
public interface TuningDevice extends AutoCloseable {
    /** Its name, which wisdom is kept under: equal names promise equal speed. */
    String name();

    /** What kernels are compiled for here. */
    Target target();

    /** What compiles and runs them. */
    Toolchain toolchain();

    /** Whether kernels of this problem can be tried on this shape here. */
    boolean tries(KernelProblem problem, KernelShape shape);

    /** SHA-256, in hex, over the source emitted for {@code variant}: a measurement holds as long as it stays. */
    String fingerprint(KernelVariant variant);

    /** {@link #fingerprint}, or an empty text for a variant that cannot be emitted. */
    default String source(KernelVariant variant) {
        try {
            return fingerprint(variant);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * Sets up the operands of one shape.
     *
     * @param candidates what will be tried, if time allows: a device may compile them ahead
     */
    Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates);

    /** Whether it can still be used, after all work it was given; a GPU cannot once a kernel touched foreign memory. */
    default boolean works() {
        return true;
    }

    @Override
    default void close() {}
}
