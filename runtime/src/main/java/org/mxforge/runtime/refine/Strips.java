package org.mxforge.runtime.refine;

import java.util.stream.IntStream;

/** Neighbouring channels of a matrix, which cores take strip by strip, so that what is added up over its rows keeps its order. */
final class Strips {
    private static final int WIDE = 64;

    private Strips() {}

    /** Looks at an element and its channel. */
    @FunctionalInterface
    interface Element {
        void at(int channel, int index);
    }

    /** Looks at all elements of [count / channels][channels], those of a channel in the order of their rows. */
    static void each(int count, int channels, Element element) {
        IntStream.range(0, (channels + WIDE - 1) / WIDE).parallel().forEach(strip -> {
            int end = Math.min(channels, (strip + 1) * WIDE);
            for (int row = 0; row < count; row += channels) {
                for (int channel = strip * WIDE; channel < end; channel++) {
                    element.at(channel, row + channel);
                }
            }
        });
    }
}
