package org.mxforge.runtime.tune.search;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.search.Tuning.Choice;

/** The order in which a search tries the variants of a problem; what comes late may not be reached. */
@FunctionalInterface
interface SearchOrder {
    /**
     * What {@link VariantChooser#DEFAULTS} runs first, then, of those that are accurate enough for so many channels, those that
     * differ from it in one parameter, then in two, and so on; another algorithm differs in itself and in all that are not common to
     * both.
     */
    SearchOrder NEAR_DEFAULT = (problem, target, shape) -> {
        KernelVariant usual = VariantChooser.DEFAULTS.choose(problem, target, shape);
        return problem.variants(target).stream()
                .filter(variant -> isAccurate(variant, shape))
                .sorted(Comparator.comparingLong(variant -> distance(variant, usual)))
                .toList();
    };

    /** The variants that are worth trying, at least one, the most promising first. */
    List<KernelVariant> order(KernelProblem problem, Target target, KernelShape shape);

    /** What it means to choose the first of {@link #order} without a measurement. */
    default Choice.Origin origin() {
        return Choice.Origin.DEFAULT;
    }

    /** Whether {@code variant} gives the results that its spec promises on {@code shape}, or any. */
    static boolean isAccurate(KernelVariant variant, KernelShape shape) {
        return variant.algorithm().permits(variant.spec(), variant.configuration(), shape);
    }

    private static long distance(KernelVariant one, KernelVariant other) {
        SortedMap<String, Integer> others = other.configuration().values();
        long parameters = one.configuration().values().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(others.get(entry.getKey())))
                .count();
        return parameters + (one.algorithm().equals(other.algorithm()) ? 0 : 1);
    }
}
