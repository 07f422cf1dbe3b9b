package org.mxforge.runtime.tune.wisdom;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.dsl.space.Configuration;

/**
 * A variant as lines of version 2 have it, where the layout of operands was part of the spec, in today's words.
 *
 * @param spec text of the spec
 * @param algorithm name of the algorithm
 * @param configuration text of the configuration
 */
record OldVariant(String spec, String algorithm, String configuration) {
    /** The version of lines that it reads. */
    static final int VERSION = 2;

    private static final Pattern LAID_OUT = Pattern.compile("(mx\\w+)/v1;(.*;groups=g32)\\.(\\w+)(\\.relaxed)?;(.*)");

    /** Tokens of the smallest tile on wgmma where tiles of fewer were streamed. */
    private static final int WGMMA_TOKENS = 128;

    private static final Map<String, String> WEIGHTS =
            Map.of("streamed", "fragments", "folded", "containers", "expanded", "bf16");

    /**
     * Translates.
     *
     * @throws IllegalArgumentException if the old texts are not well-formed
     */
    static OldVariant of(String spec, String target, String configuration) {
        Matcher parts = LAID_OUT.matcher(spec);
        boolean cpu = target.equals("cpu");
        if (!parts.matches()) {
            boolean dense = spec.startsWith("densegemm/");
            return new OldVariant(spec, dense ? (cpu ? "panels" : "mma") : "rows", configuration);
        }
        String stem = parts.group(1);
        String layout = parts.group(3);
        String text = stem + "/v2;" + parts.group(2) + ";" + parts.group(5) + ";tolerance="
                + (parts.group(4) == null ? "exact" : "within4");
        if (stem.equals("mxquantize")) {
            String algorithm =
                    switch (layout) {
                        case "rows" -> cpu ? "rows_cpu" : "rows";
                        case "tile128x4" -> "tiled";
                        default -> "containers";
                    };
            return new OldVariant(text, algorithm, configuration);
        }
        if (!WEIGHTS.containsKey(layout)) {
            return new OldVariant(text, layout.equals("rows") ? (cpu ? "panels" : "mma_rows") : "mma", configuration);
        }
        TreeMap<String, Integer> values =
                new TreeMap<>(Configuration.parse(configuration).values());
        boolean streams = stem.equals("mxgemm") && values.getOrDefault("bm", 0) < WGMMA_TOKENS;
        if (streams) {
            values.remove("promote");
            values.remove("split");
        } else {
            values.remove("warps");
        }
        return new OldVariant(
                text, (streams ? "stream_" : "wgmma_") + WEIGHTS.get(layout), new Configuration(values).text());
    }
}
