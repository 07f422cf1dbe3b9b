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

/**
 * All channels of all sites in one pair of formats, in their own order; needs no calibration.
 *
 * @param formats activation and weight format
 * @param rule how scales are chosen, on both sides
 */
record UniformRecipe(FormatPair formats, ScaleRule rule) implements Recipe {
    private static final Map<ElementFormat, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(ElementFormat.E2M1, "mxfp4");
        NAMES.put(ElementFormat.E3M2, "mxfp6-e3m2");
        NAMES.put(ElementFormat.E2M3, "mxfp6-e2m3");
        NAMES.put(ElementFormat.E4M3, "mxfp8");
        NAMES.put(ElementFormat.E5M2, "mxfp8-e5m2");
    }

    static final String USAGE = String.join(", ", NAMES.values())
            + ", a pair such as e4m3xe2m1, each with /floor or /even for another scale rule";

    /** Texts of the recipes with one format on both sides. */
    static Collection<String> names() {
        return NAMES.values();
    }

    public UniformRecipe {
        if (formats == null || rule == null) {
            throw new IllegalArgumentException("a uniform recipe needs a format pair and a scale rule");
        }
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        SiteWidth.check(site.name(), site.channels(), GroupLayout.GROUP);
        return InputQuantization.inOrder(ChannelSplit.uniform(formats, site.channels()), rule);
    }

    @Override
    public String text() {
        String name = formats.activation() == formats.weight() ? NAMES.get(formats.weight()) : formats.text();
        return rule == ScaleRule.CEIL ? name : name + "/" + rule.text();
    }

    /** Reads {@link #text()}; an {@link IllegalArgumentException} says what is wrong with it. */
    static UniformRecipe read(String text) {
        int slash = text.indexOf('/');
        String name = slash < 0 ? text : text.substring(0, slash);
        ScaleRule rule = slash < 0 ? ScaleRule.CEIL : ScaleRule.parse(text.substring(slash + 1));
        for (Map.Entry<ElementFormat, String> entry : NAMES.entrySet()) {
            if (entry.getValue().equals(name)) {
                return new UniformRecipe(new FormatPair(entry.getKey(), entry.getKey()), rule);
            }
        }
        return new UniformRecipe(FormatPair.parse(name), rule);
    }
}
