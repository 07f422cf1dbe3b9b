package org.mxforge.dsl.layout;

import java.util.Locale;

/** Where the scale of (row, group) lies in a scale buffer: an E8M0 byte or, in the folded layouts, the factor of the row. */
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
    },
    /**
     * No scale bytes: they are folded into FP8 containers, {@link ContainerTile}. What is left is one FP32 power of two for each
     * row, which all its groups in all partitions share; rows are padded to 128.
     */
    FOLDED,
    /**
     * Elements times their scales in BF16, {@link WideTile}: exact for every format and every spread of scales, at half the rate.
     * The factors of the rows are ones.
     */
    EXPANDED,
    /** As {@link #FOLDED}, but weights in E2M1 and E3M2 stay packed and are decoded on their way, {@link FragmentTile}. */
    STREAMED;

    /** Whether scales are folded into the elements, so that a row has one factor. */
    public boolean isFolded() {
        return this != ROWS && this != TILE128X4;
    }

    /**
     * Byte offset of the scale of {@code row} and {@code group}, in a matrix of {@code groups} groups a row; of the row's factor
     * where scales are folded.
     */
    public long offset(long row, int group, int groups) {
        return row * Float.BYTES;
    }

    /**
     * Size in bytes of a buffer for {@code rows} by {@code groups} scales, padding included; for the factors of the rows where scales
     * are folded.
     */
    public long bytes(long rows, int groups) {
        return (rows + 127) / 128 * 128 * Float.BYTES;
    }

    /** The token that spec texts use: such as {@code tile128x4}. */
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
        throw new IllegalArgumentException(
                "unknown scale layout '" + text + "': use rows, tile128x4, folded, expanded or streamed");
    }
}
