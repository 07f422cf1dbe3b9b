package org.mxforge.runtime.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.UnpackChoice;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.TunedChooser;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.WisdomRecord;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.cost.CostOrder;
import org.mxforge.runtime.tune.cost.Estimate;
import org.mxforge.runtime.tune.cost.Work;
import org.mxforge.runtime.tune.report.ReportPage;
import org.mxforge.runtime.tune.report.SearchReport;

/**
 * What an engine knows about the speed of kernels on its device.
 *
 * @param device where trials run
 * @param wisdom what they found out
 * @param costs what can be computed without them
 * @param chooser who decides by all that
 */
record Tuning(TuningDevice device, Wisdom wisdom, Optional<CostModel> costs, TunedChooser chooser) {
    static Tuning open(
            EngineSettings settings,
            TuningDevice device,
            Optional<CostModel> costs,
            ArtifactCache cache,
            TuningListener listener) {
        Wisdom wisdom = Wisdom.open(cache.root().resolve("wisdom"), device.name());
        SearchOrder order = costs.<SearchOrder>map(model -> new CostOrder(model, CostOrder.KEEP))
                .orElse(SearchOrder.NEAR_DEFAULT);
        Tuner tuner = new Tuner(wisdom, device, plan(settings), order, listener);
        UnpackChoice unpacking = costs.map(model -> new UnpackChoice(model.gpu().memoryBandwidth()))
                .orElse(UnpackChoice.NEVER);
        TunedChooser chooser =
                new TunedChooser(settings.tuning(), device, wisdom, tuner, settings.tuningTime(), unpacking);
        return new Tuning(device, wisdom, costs, chooser);
    }

    static TuningPlan plan(EngineSettings settings) {
        return settings.tuning() == TuneMode.FULL ? TuningPlan.FULL : TuningPlan.QUICK;
    }

    /** A page about every shape that a variant was chosen for. */
    String report(Instant date) {
        List<SearchReport> searches = chooser.choices().entrySet().stream()
                .map(entry -> report(entry.getKey(), entry.getValue()))
                .toList();
        return ReportPage.of(device.name(), device.toolchain(), searches, date);
    }

    private SearchReport report(WisdomKey key, Choice choice) {
        Map<Configuration, WisdomRecord> trials = new LinkedHashMap<>();
        wisdom.records(key).stream()
                .filter(entry -> entry.coverage().isEmpty()
                        && entry.provenance().source().equals(device.source(entry.variant())))
                .forEach(entry -> trials.put(entry.configuration(), entry));
        Map<Configuration, Double> estimates = new HashMap<>();
        for (Configuration configuration : trials.keySet()) {
            costs.flatMap(model -> model.estimate(key.spec(), key.shape(), configuration))
                    .map(Estimate::millis)
                    .ifPresent(millis -> estimates.put(configuration, millis));
        }
        OptionalDouble floor = costs.flatMap(
                        model -> Work.of(key.spec(), key.shape()).map(model::floor))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
        return new SearchReport(key, choice, List.copyOf(trials.values()), floor, estimates);
    }
}
