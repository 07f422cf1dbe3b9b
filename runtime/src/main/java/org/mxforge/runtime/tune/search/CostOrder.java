package org.mxforge.runtime.tune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.cost.CostModel;

/**
 * By estimated time, and nothing that is estimated hopeless. Configurations that no family has an estimate for come last and are
 * never dropped: that a model is silent says nothing against them.
 *
 * @param costs what estimates
 * @param keep how many times the best estimate a configuration may be estimated at, 1 or more
 */
record CostOrder(Estimates costs, double keep) implements SearchOrder {
    /** Milliseconds that a configuration should take; empty if nothing is known about it. */
    @FunctionalInterface
    interface Estimates {
        OptionalDouble millis(KernelSpec spec, KernelShape shape, Configuration configuration);
    }

    /** Wide enough for the errors of the model: it ranks tiles well, and knows nothing of bank conflicts and spills. */
    private static final double KEEP = 2;

    /** Estimates that differ by less say nothing. */
    private static final double RIVAL = 1.25;

    public CostOrder {
        if (!(keep >= 1)) {
            throw new IllegalArgumentException("the best estimate is within 1 time of itself, not " + keep);
        }
    }

    /** By what {@code model} expects. */
    static CostOrder of(CostModel model) {
        return new CostOrder(model::millis, KEEP);
    }

    private record Ranked(Configuration configuration, double millis) {}

    @Override
    public List<Configuration> order(KernelSpec spec, Target target, KernelShape shape) {
        List<Ranked> ranked = new ArrayList<>();
        List<Configuration> unknown = new ArrayList<>();
        for (Configuration configuration : SearchOrder.NEAR_DEFAULT.order(spec, target, shape)) {
            OptionalDouble millis = costs.millis(spec, shape, configuration);
            if (millis.isPresent()) {
                ranked.add(new Ranked(configuration, millis.getAsDouble()));
            } else {
                unknown.add(configuration);
            }
        }
        // The sort is stable: of equal estimates the one nearer to the default comes first.
        ranked.sort(Comparator.comparingDouble(Ranked::millis));
        double limit = ranked.isEmpty() ? 0 : keep * ranked.get(0).millis();
        Stream<Configuration> worth =
                ranked.stream().takeWhile(entry -> entry.millis() <= limit).map(Ranked::configuration);
        return Stream.concat(worth, unknown.stream()).toList();
    }

    @Override
    public boolean rivals(KernelSpec spec, KernelShape shape, Configuration configuration, Configuration first) {
        OptionalDouble own = costs.millis(spec, shape, configuration);
        OptionalDouble best = costs.millis(spec, shape, first);
        return own.isEmpty() || best.isEmpty() || own.getAsDouble() <= RIVAL * best.getAsDouble();
    }

    @Override
    public Choice.Origin origin() {
        return Choice.Origin.ESTIMATE;
    }
}
