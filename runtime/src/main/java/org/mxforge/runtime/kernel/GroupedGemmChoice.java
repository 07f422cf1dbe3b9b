package org.mxforge.runtime.kernel;

import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/**
 * Which variant of a grouped GEMM probably suits some mean number of tokens of an expert: what runs where nothing was measured, and
 * what a search tries first. It is a rule about how tall a tile is, not a model.
 */
final class GroupedGemmChoice {
    private GroupedGemmChoice() {}

    /**
     * The default configuration with the lowest tile that holds twice the mean: a second tile for an expert, which decodes its
     * weights once more, is then rare, and few rows are multiplied that hold no token.
     *
     * @param tokens mean number of tokens of an expert
     */
    static KernelVariant of(KernelProblem problem, Target target, int tokens) {
        KernelVariant best = problem.usual(target);
        for (KernelVariant variant : problem.variants(target)) {
            if (variant.algorithm() != best.algorithm()) {
                continue;
            }
            // The first of equal height is the default for it.
            int rows = height(variant);
            if (rows < height(best) && rows / 2 >= tokens) {
                best = variant;
            }
        }
        return best;
    }

    private static int height(KernelVariant variant) {
        return variant.configuration().get("bm");
    }
}
