package org.mxforge.dsl.layout;

import java.util.Locale;

/** Where the E8M0 byte of (row, group) lies in a scale buffer. */
public enum ScaleLayout {
    /** {@code [rows][groups]}, groups fastest: the layout of checkpoints. */
    ROWS {
        @Override
        public long offset(long row, int group, int groups) {
            return row * groups + group;
        }

        @Override
        public long bytes(long rows, int groups) {
            return rows * groups;
        }
    },
    /**
     * Tiles of 128 rows by 4 groups, 512 bytes each, interleaved as cuBLAS, CUTLASS, tcgen05 and MicroMix have them; rows are
     * padded to 128 and groups to 4.
     */
    TILE128X4 {
        @Override
        public long offset(long row, int group, int groups) {
            long tile = (row / 128) * ((groups + 3) / 4) + group / 4;
            return tile * 512 + (row % 32) * 16 + (row % 128) / 32 * 4 + group % 4;
        }

        @Override
        public long bytes(long rows, int groups) {
            return (rows + 127) / 128 * ((groups + 3) / 4) * 512;
        }
    };

    /** Byte offset of the scale of {@code row} and {@code group}, in a matrix of {@code groups} groups a row. */
    public abstract long offset(long row, int group, int groups);

    /** Size in bytes of a buffer for {@code rows} by {@code groups} scales, padding included. */
    public abstract long bytes(long rows, int groups);

    /** The token that spec texts use: {@code rows} or {@code tile128x4}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the layouts there are
     */
    public static ScaleLayout parse(String text) {
        for (ScaleLayout layout : values()) {
            if (layout.text().equals(text)) {
                return layout;
            }
        }
        throw new IllegalArgumentException("unknown scale layout '" + text + "': use rows or tile128x4");
    }
}
