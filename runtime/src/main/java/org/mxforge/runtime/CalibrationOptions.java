package org.mxforge.runtime;

import java.util.List;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What a model is calibrated on: {@link #defaults()}, changed by the {@code with} methods.
 *
 * @param texts one sample a line; a line of more tokens than the model or 2048 becomes several
 * @param ownText whether a recipe is searched for on text that the model writes itself instead
 * @param samples most of them to run, at least 1
 * @param window tokens of a sample where a recipe is searched for on contiguous windows of the text, at least 32
 * @param seed decides which lines are taken
 */
public record CalibrationOptions(List<String> texts, boolean ownText, int samples, int window, long seed) {
    public CalibrationOptions {
        Arguments.require(texts, "the text to calibrate on is missing: give one, or CalibrationOptions.defaults()");
        texts = List.copyOf(texts);
        if (window < 32) {
            throw new MxForgeException("a calibration window has " + window + " tokens: give 32 or more");
        }
        if (samples < 1) {
            throw new MxForgeException("the number of calibration samples is " + samples + ": give 1 or more");
        }
    }

    /** At most 128 lines of the bundled text. */
    public static CalibrationOptions defaults() {
        return new CalibrationOptions(List.of(BundledModel.calibrationText()), false, 128, 512, 0);
    }

    public CalibrationOptions withText(String text) {
        return withTexts(
                List.of(Arguments.require(text, "the text to calibrate on is missing: give one, or its default")));
    }

    /** Several texts, of each of which as many samples are taken. */
    public CalibrationOptions withTexts(List<String> texts) {
        return new CalibrationOptions(texts, ownText, samples, window, seed);
    }

    /** Text that the model writes itself, at random, in place of others: for recipes that are searched for. */
    public CalibrationOptions withOwnText() {
        return new CalibrationOptions(texts, true, samples, window, seed);
    }

    public CalibrationOptions withSamples(int samples) {
        return new CalibrationOptions(texts, ownText, samples, window, seed);
    }

    public CalibrationOptions withWindow(int window) {
        return new CalibrationOptions(texts, ownText, samples, window, seed);
    }

    public CalibrationOptions withSeed(long seed) {
        return new CalibrationOptions(texts, ownText, samples, window, seed);
    }
}
