package org.mxforge.dsl.spec;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;

/**
 * One way to compute the specs of a kind: for which of them and which targets it holds, how operands lie, which kernels run
 * before, and which configurations there are.
 *
 * <p>What a kernel can do ({@link #constraints}) is apart from what is worth trying ({@link #space}): a configuration of one's own
 * is legal as long as it keeps the former. Algorithms that are added to a kind by another jar are services, like kinds.
 *
 * @param <S> the specs
 */
public interface Algorithm<S extends KernelSpec> {
    /** Lower-case identifier, unique within its kind. */
    String name();

    Class<S> specs();

    /** Why it cannot compute {@code spec} on {@code target}, in a sentence; empty if it can. */
    Optional<String> refusal(S spec, Target target);

    /** How the MX operand of {@code side} lies before the passes or, where it is the result, how it is written. */
    default OperandLayout layout(Side side) {
        return OperandLayout.PLAIN;
    }

    /** The kernels that bring operands into the form that {@link #kernel()} reads, in order. */
    default List<Pass> passes(S spec) {
        return List.of();
    }

    /** The algorithm whose kernel works on what the passes made; this one if there are none. */
    default Algorithm<S> kernel() {
        return this;
    }

    /** The configurations worth trying, the default first; all keep the {@link #constraints}. */
    ConfigSpace space(S spec, Target target);

    /** What every configuration must keep for the kernel to be right and to run. */
    default List<Restriction> constraints(S spec, Target target) {
        return List.of();
    }

    /** The one of {@link #space} that runs on problems of {@code shape} where nothing was measured, and that a search tries first. */
    default Configuration usual(S spec, Target target, KernelShape shape) {
        return space(spec, target).defaultConfiguration();
    }

    /** Whether it is one to take for problems of {@code shape} where nothing was measured: the first of its kind that suits is. */
    default boolean suits(S spec, Target target, KernelShape shape) {
        return true;
    }

    /**
     * The typed form of a configuration.
     *
     * @throws IllegalArgumentException if it has not just the parameters that this algorithm has
     */
    Tiling tiling(Configuration configuration);

    /** Whether it can compute problems of {@code shape} under {@code configuration}, as exactly as {@code spec} promises. */
    default boolean permits(S spec, Configuration configuration, KernelShape shape) {
        return true;
    }

    /** {@code algorithm} for callers that do not know the class of their specs; it refuses those of another kind by a cast. */
    @SuppressWarnings("unchecked")
    static Algorithm<KernelSpec> general(Algorithm<?> algorithm) {
        return (Algorithm<KernelSpec>) algorithm;
    }
}
