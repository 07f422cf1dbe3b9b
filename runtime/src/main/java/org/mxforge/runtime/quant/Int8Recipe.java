package org.mxforge.runtime.quant;

import java.util.Optional;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.runtime.base.MxForgeException;

/** INT8 with one scale for each token and for each output: what microscaling formats are compared with. */
record Int8Recipe() implements Recipe {
    static final String NAME = "int8";

    @Override
    public String text() {
        return NAME;
    }

    @Override
    public boolean isInt8() {
        return true;
    }

    @Override
    public ScaleRule rule() {
        return ScaleRule.CEIL;
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        throw new MxForgeException("the recipe " + NAME
                + " is a baseline that runs in memory: checkpoints hold microscaling formats, choose one of these");
    }
}
