package org.mxforge.runtime.kernel;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;

/**
 * Which variant of a grouped GEMM probably suits some mean number of tokens of an expert: what runs where nothing was measured, and
 * what a search tries first. It is a rule about how tall a tile is, not a model.
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
        if (!target.isGpu()) {
            return best;
        }
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
