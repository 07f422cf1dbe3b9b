package org.mxforge.runtime.kernel;

import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

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

    /** A legal configuration of {@code spec.space(target)} for rows of {@code channels}. */
    public static Configuration of(MxQuantizeSpec spec, Target target, int channels) {
        Configuration usual = spec.space(target).defaultConfiguration();
        if (!spec.groups().scales().isFolded() || channels / GroupLayout.GROUP <= FEW_GROUPS) {
            return usual;
        }
        return spec.space(target).legal().stream()
                .filter(configuration -> configuration.get("threads") == MANY_THREADS)
                .findFirst()
                .orElse(usual);
    }
}
