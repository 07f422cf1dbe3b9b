package org.mxforge.runtime.quant;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;

/**
 * All channels of all sites in one pair of formats, in their own order; needs no calibration.
 *
 * @param formats activation and weight format
 * @param rule how scales are chosen, on both sides
 * @param transform what groups go through first
 */
record UniformRecipe(FormatPair formats, ScaleRule rule, GroupTransform transform) implements Recipe {
    private static final Map<ElementFormat, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(ElementFormat.E2M1, "mxfp4");
        NAMES.put(ElementFormat.E3M2, "mxfp6-e3m2");
        NAMES.put(ElementFormat.E2M3, "mxfp6-e2m3");
        NAMES.put(ElementFormat.E4M3, "mxfp8");
        NAMES.put(ElementFormat.E5M2, "mxfp8-e5m2");
    }

    /** What pairs are called elsewhere. */
    private static final Map<String, String> PAIRS = Map.of("w4a8", "e4m3xe2m1", "w6a8", "e4m3xe2m3");

    static final String USAGE = String.join(", ", NAMES.values())
            + ", w4a8, w6a8, a pair such as e4m3xe2m1, each with /clip, /floor or /even for another scale rule and ;hadamard=32 for a"
            + " Hadamard matrix";

    /** Texts of the recipes with one format on both sides. */
    static Collection<String> names() {
        return NAMES.values();
    }

    public UniformRecipe {
        if (formats == null || rule == null || transform == null) {
            throw new IllegalArgumentException("a uniform recipe needs a format pair, a scale rule and a transform");
        }
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        SiteWidth.check(site.name(), site.channels(), GroupLayout.GROUP);
        return InputQuantization.inOrder(ChannelSplit.uniform(formats, site.channels()), rule)
                .with(transform);
    }

    @Override
    public String text() {
        String name = formats.activation() == formats.weight() ? NAMES.get(formats.weight()) : formats.text();
        return name + (rule == ScaleRule.CEIL ? "" : "/" + rule.text()) + RecipeSettings.text(transform);
    }

    /** What a text means up to its rule; an {@link IllegalArgumentException} says what is wrong with it. */
    static FormatPair formats(String name) {
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(entry -> new FormatPair(entry.getKey(), entry.getKey()))
                .findFirst()
                .orElseGet(() -> FormatPair.parse(PAIRS.getOrDefault(name, name)));
    }
}
