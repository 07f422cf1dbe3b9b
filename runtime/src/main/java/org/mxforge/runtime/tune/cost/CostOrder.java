package org.mxforge.runtime.tune.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.SearchOrder;

/**
 * By estimated time, and nothing that is estimated hopeless. Configurations that no family has an estimate for come last and are
 * never dropped: that a model is silent says nothing against them.
 *
 * @param model what estimates
 * @param keep how many times the best estimate a configuration may be estimated at, 1 or more
 */
public record CostOrder(CostModel model, double keep) implements SearchOrder {
    /** Wide enough for the errors of the model: it ranks tiles well, and knows nothing of bank conflicts and spills. */
    public static final double KEEP = 2;

    /** Estimates that differ by less say nothing. */
    private static final double RIVAL = 1.25;

    public CostOrder {
        if (!(keep >= 1)) {
            throw new IllegalArgumentException("the best estimate is within 1 time of itself, not " + keep);
        }
    }

    private record Ranked(Configuration configuration, Estimate estimate) {}

    @Override
    public List<Configuration> order(KernelSpec spec, Target target, KernelShape shape) {
        List<Ranked> ranked = new ArrayList<>();
        List<Configuration> unknown = new ArrayList<>();
        for (Configuration configuration : SearchOrder.NEAR_DEFAULT.order(spec, target, shape)) {
            Optional<Estimate> estimate = model.estimate(spec, shape, configuration);
            estimate.ifPresentOrElse(e -> ranked.add(new Ranked(configuration, e)), () -> unknown.add(configuration));
        }
        // The sort is stable: of equal estimates the one nearer to the default comes first.
        ranked.sort(Comparator.comparingDouble(entry -> entry.estimate().millis()));
        double limit = ranked.isEmpty() ? 0 : keep * ranked.get(0).estimate().millis();
        Stream<Configuration> worth = ranked.stream()
                .takeWhile(entry -> entry.estimate().millis() <= limit)
                .map(Ranked::configuration);
        return Stream.concat(worth, unknown.stream()).toList();
    }

    @Override
    public boolean rivals(KernelSpec spec, KernelShape shape, Configuration configuration, Configuration first) {
        Optional<Estimate> own = model.estimate(spec, shape, configuration);
        Optional<Estimate> best = model.estimate(spec, shape, first);
        return own.isEmpty()
                || best.isEmpty()
                || own.get().millis() <= RIVAL * best.get().millis();
    }

    @Override
    public Choice.Origin origin() {
        return Choice.Origin.ESTIMATE;
    }
}
