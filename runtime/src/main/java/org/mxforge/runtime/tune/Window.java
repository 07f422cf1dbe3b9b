package org.mxforge.runtime.tune;

import java.util.List;
import java.util.OptionalInt;

/**
 * What one window of timing gave.
 *
 * @param millis milliseconds of one run, sample by sample; at least one
 * @param clock clock of the device in MHz right after it, where the device tells
 */
public record Window(List<Double> millis, OptionalInt clock) {
    public Window {
        millis = List.copyOf(millis);
        if (millis.isEmpty()) {
            throw new IllegalArgumentException("a window needs a sample");
        }
    }
}
