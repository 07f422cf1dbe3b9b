package org.mxforge.runtime.kernel;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.options.Folding;

/**
 * What is to be computed, with operands that lie in a given way: what variants compete for.
 *
 * @param spec what is computed
 * @param layout how the weights of a product lie, or the result of a quantizer; {@link OperandLayout#PLAIN} elsewhere
 * @param scope which algorithms may compete
 */
public record KernelProblem(KernelSpec spec, OperandLayout layout, Scope scope) {
    /** Which algorithms may compete. */
    public enum Scope {
        /** All. */
        ALL,
        /** Those that multiply operands as they lie, without passes before. */
        DIRECT,
        /** Those that run on every GPU. */
        PORTABLE;

        /** Those that {@code folding} lets compete. */
        public static Scope of(Folding folding) {
            return folding == Folding.OFF ? PORTABLE : ALL;
        }

        private boolean admits(Algorithm<KernelSpec> algorithm, KernelSpec spec) {
            return switch (this) {
                case ALL -> true;
                case DIRECT -> algorithm.passes(spec).isEmpty();
                case PORTABLE -> isPortable(algorithm, spec);
            };
        }

        private static boolean isPortable(Algorithm<KernelSpec> algorithm, KernelSpec spec) {
            return algorithm.refusal(spec, Target.SM_80).isEmpty();
        }
    }

    /** One for which all algorithms may compete. */
    public KernelProblem(KernelSpec spec, OperandLayout layout) {
        this(spec, layout, Scope.ALL);
    }

    /**
     * The product of a layer with partitions of {@code pairs}, as exact as {@code folding} wants it: scales that have no room beside
     * their elements are folded all the same where it is lossy and {@code target} folds any.
     */
    public static MxGemmSpec product(List<FormatPair> pairs, Target target, Folding folding) {
        boolean room = pairs.stream().allMatch(FormatPair::hasRoomForScales);
        boolean rounds = folding == Folding.LOSSY && !room && target == Target.SM_90A;
        return MxGemmSpec.exact(pairs, Epilogue.NONE, ScalarType.BF16)
                .with(rounds ? Tolerance.WITHIN_4 : Tolerance.EXACT);
    }

    /** The problem that {@code variant} solves. */
    public static KernelProblem of(KernelVariant variant) {
        return new KernelProblem(variant.spec(), variant.algorithm().layout(Side.WEIGHT));
    }

    /**
     * The problem of the default algorithm.
     *
     * @throws IllegalArgumentException if {@code target} has no kernel for {@code spec}
     */
    public static KernelProblem usual(KernelSpec spec, Target target) {
        return of(KernelVariant.of(spec, target));
    }

    /** The layouts of weights that some algorithm in {@code scope} reads, that of the preferred algorithm first. */
    public static List<OperandLayout> layouts(KernelSpec spec, Target target, Scope scope) {
        return KernelKinds.algorithms(spec, target).stream()
                .filter(algorithm -> scope.admits(algorithm, spec))
                .map(algorithm -> algorithm.layout(Side.WEIGHT))
                .distinct()
                .toList();
    }

    /** The same problem for other algorithms. */
    public KernelProblem within(Scope other) {
        return new KernelProblem(spec, layout, other);
    }

    /** The same problem without algorithms that have passes, where these may compete; portable ones have none. */
    public KernelProblem direct() {
        return scope == Scope.ALL ? within(Scope.DIRECT) : this;
    }

    /**
     * The algorithms that may solve it, the preferred ones first.
     *
     * @throws IllegalArgumentException if {@code target} has none
     */
    public List<Algorithm<KernelSpec>> algorithms(Target target) {
        List<Algorithm<KernelSpec>> algorithms = KernelKinds.algorithms(spec, target).stream()
                .filter(algorithm -> algorithm.layout(Side.WEIGHT) == layout && scope.admits(algorithm, spec))
                .toList();
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("'" + spec.text() + "' has no kernel for " + target.text()
                    + " with operands that lie as " + layout);
        }
        return algorithms;
    }

    /** Those of {@link #algorithms} that have passes before the kernel. */
    public List<Algorithm<KernelSpec>> algorithmsWithPasses(Target target) {
        return algorithms(target).stream()
                .filter(algorithm -> !algorithm.passes(spec).isEmpty())
                .toList();
    }

    /** What is left to be computed behind the passes of {@code algorithm}. */
    public KernelProblem behind(Algorithm<KernelSpec> algorithm) {
        return new KernelProblem(spec, algorithm.kernel().layout(Side.WEIGHT), scope);
    }

    /** The problem of {@link KernelSpec#kin}, if there is one. */
    public Optional<KernelProblem> kin() {
        return spec.kin().map(other -> new KernelProblem(other, layout, scope));
    }

    /** All variants that are worth trying, the default first. */
    public List<KernelVariant> variants(Target target) {
        return algorithms(target).stream()
                .flatMap(algorithm -> algorithm.space(spec, target).legal().stream()
                        .map(configuration -> KernelVariant.of(spec, algorithm, target, configuration)))
                .toList();
    }

    /** The default variant: that of the preferred algorithm without passes. */
    public KernelVariant usual(Target target) {
        return KernelVariant.of(spec, direct().algorithms(target).get(0), target);
    }

    /** The variant of the preferred algorithm without passes, of those that suit {@code shape} if any does. */
    public KernelVariant usual(Target target, KernelShape shape) {
        List<Algorithm<KernelSpec>> direct = direct().algorithms(target);
        Algorithm<KernelSpec> algorithm = direct.stream()
                .filter(candidate -> candidate.suits(spec, target, shape))
                .findFirst()
                .orElse(direct.get(0));
        return KernelVariant.of(spec, algorithm, target, algorithm.usual(spec, target, shape));
    }

    /** What it comes to; empty if it is not of a kind that is tuned, or {@code shape} is not one of it. */
    public Optional<Work> work(KernelShape shape) {
        return KernelKinds.tuned(spec).flatMap(kind -> kind.work(spec, layout, shape));
    }
}
