package org.mxforge.runtime;

import org.mxforge.runtime.base.MxForgeException;

/**
 * What a model is calibrated on: {@link #defaults()}, changed by the {@code with} methods.
 *
 * @param text one sample a line; a line of more tokens than the model or 2048 becomes several
 * @param samples most of them to run, at least 1
 * @param seed decides which lines are taken
 */
public record CalibrationOptions(String text, int samples, long seed) {
    public CalibrationOptions {
        Arguments.require(text, "the text to calibrate on is missing: give one, or CalibrationOptions.defaults()");
        if (samples < 1) {
            throw new MxForgeException("the number of calibration samples is " + samples + ": give 1 or more");
        }
    }

    /** At most 128 lines of the bundled text. */
    public static CalibrationOptions defaults() {
        return new CalibrationOptions(BundledModel.calibrationText(), 128, 0);
    }

    public CalibrationOptions withText(String text) {
        return new CalibrationOptions(text, samples, seed);
    }

    public CalibrationOptions withSamples(int samples) {
        return new CalibrationOptions(text, samples, seed);
    }

    public CalibrationOptions withSeed(long seed) {
        return new CalibrationOptions(text, samples, seed);
    }
}
