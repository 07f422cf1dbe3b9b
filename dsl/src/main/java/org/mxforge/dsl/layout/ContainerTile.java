package org.mxforge.dsl.layout;

/**
 * FP8 containers as the tensor cores of sm_90a read them from shared memory: tiles of 128 rows by 128 channels, 16 KiB each, a
 * row of tiles after the other. Within a tile lie slabs of 8 rows, 1024 bytes each, whose 16-byte chunks are permuted by the
 * 128-byte swizzle (PTX ISA, asynchronous warpgroup matrix layouts), so that one linear copy fills a stage.
 *
 * <p>The 32 words of 4 channels in a row of a tile are transposed: word {@code c} of group {@code t} is stored as word
 * {@code 4c + t}. A sum over K does not mind, and the thread that multiplies registers by this tile then owns whole groups.
 */
public final class ContainerTile {
    /** Rows of a tile; matrices are padded to whole tiles. */
    public static final int ROWS = 128;

    /** Channels, and bytes, of one row of a tile; partitions are padded to whole tiles with zeros. */
    public static final int CHANNELS = 128;

    /** Size of a tile. */
    public static final int BYTES = ROWS * CHANNELS;

    private ContainerTile() {}

    /** Tiles along {@code channels}. */
    public static int blocks(int channels) {
        return (channels + CHANNELS - 1) / CHANNELS;
    }

    /** Size of a matrix, padding included. */
    public static long bytes(int rows, int channels) {
        return (long) ((rows + ROWS - 1) / ROWS) * blocks(channels) * BYTES;
    }

    /** Byte offset of an element in a matrix of {@code channels} channels. */
    public static long offset(int row, int channel, int channels) {
        long tile = (long) (row / ROWS) * blocks(channels) + channel / CHANNELS;
        int slab = row % ROWS / 8 * 1024 + row % 8 * CHANNELS;
        int word = channel % CHANNELS / 4;
        int column = (word % 8 * 4 + word / 8) * 4 + channel % 4;
        return tile * BYTES + slab + (column ^ row % 8 * 16);
    }
}
