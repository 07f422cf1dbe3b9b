package org.mxforge.runtime.kernel;

import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;

/**
 * Which variant of a quantizer a row of some width probably wants: what runs where nothing was measured, and what a search tries
 * first. There is one choice to make and one size that it depends on most, so it goes by what was measured on an H100 with rows of
 * 4096 and 14336 channels, and not by a model.
 */
final class QuantizerChoice {
    /** Groups that the usual number of threads gets through while the next rows come. */
    private static final int FEW_GROUPS = 256;

    private static final int MANY_THREADS = 448;

    private QuantizerChoice() {}

    /** The variant for rows of {@code channels}. */
    static KernelVariant of(KernelProblem problem, Target target, int channels) {
        KernelVariant usual = problem.usual(target);
        if (!problem.layout().isFolded() || channels / GroupLayout.GROUP <= FEW_GROUPS) {
            return usual;
        }
        return problem.variants(target).stream()
                .filter(variant -> variant.tiling().equals(new RowTiling(MANY_THREADS)))
                .findFirst()
                .orElse(usual);
    }
}
