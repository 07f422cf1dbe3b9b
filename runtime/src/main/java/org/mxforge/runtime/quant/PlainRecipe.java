package org.mxforge.runtime.quant;

import java.util.Optional;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.runtime.base.MxForgeException;

/** Weights as the checkpoint has them, in BF16. */
record PlainRecipe() implements Recipe {
    static final String NAME = "bf16";

    @Override
    public String text() {
        return NAME;
    }

    @Override
    public boolean quantizes() {
        return false;
    }

    @Override
    public ScaleRule rule() {
        return ScaleRule.CEIL;
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        throw new MxForgeException("the recipe " + NAME + " leaves a model as it is: choose another");
    }
}
