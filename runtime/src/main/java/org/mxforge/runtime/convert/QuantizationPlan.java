package org.mxforge.runtime.convert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.calibration.CalibrationReport;
import org.mxforge.runtime.calibration.SiteCalibration;
import org.mxforge.runtime.model.LinearLayer;
import org.mxforge.runtime.model.LinearSite;
import org.mxforge.runtime.quant.ChannelOrder;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.MicroMixRecipe;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.UniformRecipe;

/** A recipe carried out for one model: how the input of each of its linear sites is quantized. */
public final class QuantizationPlan {
    private final Recipe recipe;
    private final ScaleRule rule;
    private final Map<LinearSite, InputQuantization> sites = new LinkedHashMap<>();
    private final Map<String, InputQuantization> layers = new LinkedHashMap<>();

    private QuantizationPlan(Recipe recipe, ScaleRule rule) {
        this.recipe = recipe;
        this.rule = rule;
    }

    /**
     * Plans {@code recipe} for {@code sites}.
     *
     * @param calibration needed for MicroMix, made with the recipe's partitioning
     * @throws MxForgeException if the recipe quantizes nothing, lacks its calibration, or does not fit a site's width
     */
    public static QuantizationPlan of(Recipe recipe, List<LinearSite> sites, Optional<CalibrationReport> calibration) {
        QuantizationPlan plan;
        if (recipe instanceof UniformRecipe uniform) {
            plan = new QuantizationPlan(recipe, uniform.rule());
            sites.forEach(site -> plan.add(site, uniform(uniform, site)));
        } else if (recipe instanceof MicroMixRecipe mixed) {
            CalibrationReport report = matching(mixed, calibration);
            plan = new QuantizationPlan(recipe, mixed.rule());
            sites.forEach(site -> plan.add(site, mixed(mixed, report.site(site.name(), site.channels()))));
        } else {
            throw new MxForgeException("the recipe " + recipe.text() + " leaves a model as it is: choose another");
        }
        return plan;
    }

    private static InputQuantization uniform(UniformRecipe recipe, LinearSite site) {
        recipe.check(site.name(), site.channels());
        ChannelSplit split = ChannelSplit.uniform(recipe.formats(), site.channels());
        return new InputQuantization(
                split, ChannelOrder.identity(site.channels()).index(), recipe.rule());
    }

    private static InputQuantization mixed(MicroMixRecipe recipe, SiteCalibration site) {
        return new InputQuantization(recipe.split(site.counts()), site.order().index(), recipe.rule());
    }

    private static CalibrationReport matching(MicroMixRecipe recipe, Optional<CalibrationReport> calibration) {
        CalibrationReport report = calibration.orElseThrow(
                () -> new MxForgeException("the recipe " + recipe.text() + " needs a calibration: calibrate first"));
        if (!report.partitioning().equals(recipe.partitioning())) {
            throw new MxForgeException("the calibration was made with "
                    + report.partitioning().text() + " but the recipe asks for "
                    + recipe.partitioning().text() + ": calibrate again or change the recipe");
        }
        return report;
    }

    private void add(LinearSite site, InputQuantization input) {
        sites.put(site, input);
        for (LinearLayer layer : site.layers()) {
            layers.put(layer.name(), input);
        }
    }

    public Recipe recipe() {
        return recipe;
    }

    public ScaleRule rule() {
        return rule;
    }

    /** The sites in the order of the model. */
    public Map<LinearSite, InputQuantization> sites() {
        return Collections.unmodifiableMap(sites);
    }

    /** How the input of {@code layer} is quantized. */
    InputQuantization input(LinearLayer layer) {
        return layers.get(layer.name());
    }
}
