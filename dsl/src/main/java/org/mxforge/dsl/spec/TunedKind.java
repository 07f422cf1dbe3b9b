package org.mxforge.dsl.spec;

import java.util.Optional;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;

/**
 * A kind of kernel whose fastest variant depends on the size of the problem, so that it is worth a search. What such a search checks
 * results against is part of the kind ({@link JudgedKind}), or of the tuner for the kinds that ship ({@code
 * org.mxforge.runtime.tune.device.TrialKind}).
 *
 * @param <S> the specs of this kind
 */
public interface TunedKind<S extends KernelSpec> extends KernelKind<S> {
    /** How the sizes of its problems are written. */
    Class<? extends KernelShape> shapes();

    /**
     * What {@code spec} comes to.
     *
     * @param layout how weights lie, or the result of a quantizer
     * @return empty if {@code shape} is not one of {@link #shapes()}, has another number of partitions, or cuts a group
     */
    Optional<Work> work(S spec, OperandLayout layout, KernelShape shape);
}
