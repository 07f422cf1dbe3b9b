package org.mxforge.runtime.tune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.Tuning.Choice;

/**
 * By estimated time, and nothing that is estimated hopeless. Configurations that no family has an estimate for come last and are
 * never dropped: that a model is silent says nothing against them. Where estimates are not fitted to measurements, the variant that
 * runs by a rule comes before all others: they order what is tried, and do not overrule what is known to be good.
 *
 * @param costs what estimates
 * @param keep how many times the best estimate a configuration may be estimated at, 1 or more
 */
record CostOrder(Estimates costs, double keep) implements SearchOrder {
    /** What is expected of variants. */
    @FunctionalInterface
    interface Estimates {
        /** Milliseconds that a variant should take; empty if nothing is known about it. */
        OptionalDouble millis(KernelVariant variant, KernelShape shape);

        /** Whether they are fitted to measurements of such kernels. */
        default boolean areFitted(KernelProblem problem, KernelShape shape) {
            return true;
        }
    }

    /** Those of {@code model}. */
    private record Modelled(CostModel model) implements Estimates {
        @Override
        public OptionalDouble millis(KernelVariant variant, KernelShape shape) {
            return model.millis(variant, shape);
        }

        @Override
        public boolean areFitted(KernelProblem problem, KernelShape shape) {
            return model.isFitted(problem, shape);
        }
    }

    /** Wide enough for the errors of the model: it ranks tiles well, and knows nothing of bank conflicts and spills. */
    private static final double KEEP = 2;

    public CostOrder {
        if (!(keep >= 1)) {
            throw new IllegalArgumentException("the best estimate is within 1 time of itself, not " + keep);
        }
    }

    /** By what {@code model} expects. */
    static CostOrder of(CostModel model) {
        return new CostOrder(new Modelled(model), KEEP);
    }

    private record Ranked(KernelVariant variant, double millis) {}

    @Override
    public List<KernelVariant> order(KernelProblem problem, Target target, KernelShape shape) {
        List<Ranked> ranked = new ArrayList<>();
        List<KernelVariant> unknown = new ArrayList<>();
        List<KernelVariant> near = SearchOrder.NEAR_DEFAULT.order(problem, target, shape);
        for (KernelVariant variant : near) {
            OptionalDouble millis = costs.millis(variant, shape);
            if (millis.isPresent()) {
                ranked.add(new Ranked(variant, millis.getAsDouble()));
            } else {
                unknown.add(variant);
            }
        }
        // The sort is stable: of equal estimates the one nearer to the default comes first.
        ranked.sort(Comparator.comparingDouble(Ranked::millis));
        double limit = ranked.isEmpty() ? 0 : keep * ranked.get(0).millis();
        Stream<KernelVariant> worth =
                ranked.stream().takeWhile(entry -> entry.millis() <= limit).map(Ranked::variant);
        Stream<KernelVariant> first = costs.areFitted(problem, shape) ? Stream.empty() : Stream.of(near.get(0));
        return Stream.of(first, worth, unknown.stream())
                .flatMap(variants -> variants)
                .distinct()
                .toList();
    }

    @Override
    public Choice.Origin origin() {
        return Choice.Origin.ESTIMATE;
    }
}
