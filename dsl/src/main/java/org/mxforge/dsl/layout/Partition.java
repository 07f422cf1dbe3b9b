package org.mxforge.dsl.layout;

/**
 * A run of consecutive reordered channels that share their formats.
 *
 * @param formats activation and weight format
 * @param channels how many channels; a multiple of 32, not zero
 */
public record Partition(FormatPair formats, int channels) {
    public Partition {
        if (formats == null) {
            throw new IllegalArgumentException("a partition needs a format pair");
        }
        if (channels <= 0 || channels % GroupLayout.GROUP != 0) {
            throw new IllegalArgumentException("partition " + formats.text() + " has " + channels
                    + " channels: a positive multiple of " + GroupLayout.GROUP + " is needed");
        }
    }

    /** The token that split texts use, such as {@code e4m3xe2m1:128}. */
    public String text() {
        return formats.text() + ":" + channels;
    }
}
