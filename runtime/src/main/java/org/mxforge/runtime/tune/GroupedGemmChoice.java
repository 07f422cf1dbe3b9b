package org.mxforge.runtime.tune;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;

/**
 * Which variant of a grouped GEMM an expert's number of tokens wants. How tokens are spread over experts changes with every
 * launch, so that there is no shape to measure; the mean is known, and decides how tall a tile is.
 */
public final class GroupedGemmChoice {
    private GroupedGemmChoice() {}

    /**
     * The default configuration with the lowest tile that holds twice the mean: a second tile for an expert, which decodes its
     * weights once more, is then rare, and few rows are multiplied that hold no token.
     *
     * @param tokens mean number of tokens of an expert
     */
    public static Configuration of(MxGroupedGemmSpec spec, Target target, int tokens) {
        Configuration best = spec.space(target).defaultConfiguration();
        for (Configuration configuration : spec.space(target).legal()) {
            // The first of equal height is the default for it.
            int rows = configuration.get("bm");
            if (rows < best.get("bm") && rows / 2 >= tokens) {
                best = configuration;
            }
        }
        return best;
    }
}
