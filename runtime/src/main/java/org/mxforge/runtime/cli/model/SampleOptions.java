package org.mxforge.runtime.cli.model;

import picocli.CommandLine.Option;

/** How much of a text recipes are calibrated on. */
final class SampleOptions {
    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "Most lines of the calibration text to use, for mixed most windows; default" + " ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--seqlen",
            paramLabel = "TOKENS",
            description = "Tokens of a window of the calibration text, for mixed; default 512, or as many as the model"
                    + " takes.")
    private Integer length;

    @Option(
            names = "--own-text",
            description =
                    "Search for mixed on text that the model writes itself, where there is none like what it is for.")
    private boolean ownText;

    boolean ownText() {
        return ownText;
    }

    int samples() {
        return samples;
    }

    /** Tokens of a window, as they were asked for; null where nothing was said. */
    Integer length() {
        return length;
    }
}
