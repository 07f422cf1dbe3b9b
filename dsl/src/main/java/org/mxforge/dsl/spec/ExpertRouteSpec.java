package org.mxforge.dsl.spec;

import org.mxforge.dsl.layout.ExpertTiles;

/**
 * {@link ExpertChoiceSpec} and {@link ExpertOrderSpec} in one for the few tokens of a step: from the FP32 scores of no more of them
 * than {@link ExpertTiles#FEW} has rows their shares, and the order in such tiles, of which every expert in use has one.
 */
public record ExpertRouteSpec() implements KernelSpec {
    public static final String STEM = "expertroute";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static ExpertRouteSpec read(SpecText fields) {
        return new ExpertRouteSpec();
    }
}
