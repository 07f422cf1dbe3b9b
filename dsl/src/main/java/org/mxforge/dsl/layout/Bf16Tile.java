package org.mxforge.dsl.layout;

/**
 * BF16 elements as the tensor cores of sm_90a read them from shared memory: tiles of 128 rows by 64 channels, 16 KiB each, a row
 * of tiles after the other, swizzled as {@link ContainerTile} is; channels stay in their order.
 */
public final class Bf16Tile {
    /** Channels of one row of a tile, in 128 bytes; partitions are padded to whole tiles with zeros. */
    public static final int CHANNELS = 64;

    private static final int ROW_BYTES = 2 * CHANNELS;

    private Bf16Tile() {}

    /** Tiles along {@code channels}. */
    public static int blocks(int channels) {
        return (channels + CHANNELS - 1) / CHANNELS;
    }

    /** Size of a matrix, padding included. */
    public static long bytes(int rows, int channels) {
        return (long) ((rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS) * blocks(channels) * ContainerTile.BYTES;
    }

    /** Byte offset of an element in a matrix of {@code channels} channels. */
    public static long offset(int row, int channel, int channels) {
        long tile = (long) (row / ContainerTile.ROWS) * blocks(channels) + channel / CHANNELS;
        int slab = row % ContainerTile.ROWS / 8 * 1024 + row % 8 * ROW_BYTES;
        return tile * ContainerTile.BYTES + slab + (channel % CHANNELS * 2 ^ row % 8 * 16);
    }
}
