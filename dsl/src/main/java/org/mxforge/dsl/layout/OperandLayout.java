package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.ElementFormat;

/** How the elements and scales of an MX operand lie in memory: what an algorithm reads, or a quantizer writes. */
public enum OperandLayout {
    /** No MX operand: plain numbers, row-major. */
    PLAIN {
        @Override
        public long scaleOffset(long row, int group, int groups) {
            throw new IllegalStateException("plain operands have no scales");
        }

        @Override
        public long scaleBytes(long rows, int groups) {
            return 0;
        }
    },

    /**
     * Packed codes row by row ({@link CodePacking}); scales {@code [rows][groups]}, groups fastest: the layout of checkpoints and
     * of the CPU.
     */
    ROWS {
        @Override
        public long scaleOffset(long row, int group, int groups) {
            return row * groups + group;
        }

        @Override
        public long scaleBytes(long rows, int groups) {
            return rows * groups;
        }
    },

    /**
     * Packed codes row by row; scales in tiles of 128 rows by 4 groups, 512 bytes each, interleaved as cuBLAS, CUTLASS, tcgen05 and
     * MicroMix have them; rows are padded to 128 and groups to 4.
     */
    TILED {
        @Override
        public long scaleOffset(long row, int group, int groups) {
            long tile = (row / 128) * ((groups + 3) / 4) + group / 4;
            return tile * 512 + (row % 32) * 16 + (row % 128) / 32 * 4 + group % 4;
        }

        @Override
        public long scaleBytes(long rows, int groups) {
            return (rows + 127) / 128 * ((groups + 3) / 4) * 512;
        }
    },

    /**
     * No scale bytes: they are folded into FP8 containers, {@link ContainerTile}. What is left is one FP32 power of two for each
     * row, its factor, which all its groups in all partitions share; rows are padded to 128.
     */
    CONTAINERS,

    /** As {@link #CONTAINERS}, but weights in E2M1 and E3M2 stay packed and are decoded on their way, {@link FragmentTile}. */
    FRAGMENTS,

    /**
     * As {@link #CONTAINERS}, but elements that fill their containers are in BF16, where every scale has room: two bytes each, which lie
     * as those of two channels in a {@link ContainerTile} do.
     */
    MIXED,

    /** As {@link #MIXED}, but weights in all formats but E2M3 stay packed and are decoded on their way, {@link FragmentTile}. */
    MIXED_FRAGMENTS,

    /**
     * Elements times their scales in BF16, {@link Bf16Tile}: exact for every format and every spread of scales, at half the rate.
     * The factors of the rows are ones.
     */
    BF16;

    /** Whether scales are folded into the elements, so that a row has one factor. */
    public boolean isFolded() {
        return switch (this) {
            case PLAIN, ROWS, TILED -> false;
            case CONTAINERS, FRAGMENTS, MIXED, MIXED_FRAGMENTS, BF16 -> true;
        };
    }

    /** How activations lie beside weights that lie so: weights alone are kept as fragments. */
    public OperandLayout activations() {
        return switch (this) {
            case FRAGMENTS -> CONTAINERS;
            case MIXED_FRAGMENTS -> MIXED;
            default -> this;
        };
    }

    /** Whether elements of {@code format} are multiplied in BF16, and not in FP8. */
    public boolean widens(ElementFormat format) {
        return switch (this) {
            case PLAIN, ROWS, TILED, CONTAINERS, FRAGMENTS -> false;
            case MIXED, MIXED_FRAGMENTS -> !FoldedFormat.of(format).hasRoom();
            case BF16 -> true;
        };
    }

    /** Whether a weight of {@code format} is kept packed, as {@link FragmentTile}. */
    public boolean keepsFragments(ElementFormat format) {
        return switch (this) {
            case FRAGMENTS ->
                FragmentTile.holds(format) && FoldedFormat.of(format).hasRoom();
            case MIXED_FRAGMENTS -> FragmentTile.holds(format);
            default -> false;
        };
    }

    /**
     * Byte offset of the scale of {@code row} and {@code group}, in a matrix of {@code groups} groups a row; of the row's factor
     * where scales are folded.
     */
    public long scaleOffset(long row, int group, int groups) {
        return row * Float.BYTES;
    }

    /**
     * Size in bytes of a buffer for {@code rows} by {@code groups} scales, padding included; for the factors of the rows where scales
     * are folded.
     */
    public long scaleBytes(long rows, int groups) {
        return (rows + 127) / 128 * 128 * Float.BYTES;
    }

    /**
     * Size in bytes of the elements of {@code rows} by {@code channels}, padding included; of a weight where weights lie otherwise.
     *
     * @throws IllegalArgumentException for {@link #PLAIN}
     */
    public long elementBytes(ElementFormat format, int rows, int channels) {
        return switch (this) {
            case PLAIN -> throw new IllegalArgumentException("plain operands have no MX elements");
            case ROWS, TILED -> rows * CodePacking.bytes(format, channels);
            case CONTAINERS -> ContainerTile.bytes(rows, channels);
            case FRAGMENTS, MIXED_FRAGMENTS ->
                keepsFragments(format)
                        ? new FragmentTile(format).bytes(rows, channels)
                        : ContainerTile.bytes(rows, channels);
            case MIXED -> ContainerTile.bytes(rows, widens(format) ? 2 * channels : channels);
            case BF16 -> Bf16Tile.bytes(rows, channels);
        };
    }
}
