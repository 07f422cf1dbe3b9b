package org.mxforge.runtime.cli.model;

import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;

/**
 * A recipe that fits a model, before the model runs.
 *
 * @param folder the model
 * @param quantization the recipe, with its calibration if that was given
 * @param options what to calibrate on if it was not
 */
record PreparedRecipe(ModelFolder folder, Quantization quantization, CalibrationOptions options) {
    /** Whether the model must run for it. */
    boolean needsEngine() {
        return !folder.isQuantized() && quantization.needsCalibration();
    }

    /** The whole of it, calibrated on {@code engine} if that is needed. */
    Quantization on(Engine engine) {
        return needsEngine() ? engine.quantization(folder, quantization.recipe(), options) : quantization;
    }
}
