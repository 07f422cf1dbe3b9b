package org.mxforge.dsl.spec;

import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.shape.KernelShape;

/**
 * A tuned kind that brings along what its kernels are tried on, and knows when they are right. With this a kind of one's own is
 * simulated, checked and tuned like those that ship.
 *
 * @param <S> the specs of this kind
 */
public interface JudgedKind<S extends KernelSpec> extends TunedKind<S> {
    /**
     * Operands of full size, on which kernels are compared with what is right, and timed.
     *
     * @param shape one that has {@link #work}
     */
    TrialOperands trial(S spec, KernelShape shape);
}
