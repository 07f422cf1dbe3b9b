package org.mxforge.dsl.layout;

/**
 * INT8 elements as the tensor cores of sm_90a read them from shared memory, which the other GPUs' kernels read as well: tiles of 128 rows by
 * 128 channels, 16 KiB each, a row of tiles after the other, swizzled as {@link ContainerTile} is; channels stay in their order.
 */
public final class Int8Tile {
    private Int8Tile() {}

    /** Size of a matrix, padding included: rows and channels are padded to whole tiles, channels with zeros. */
    public static long bytes(int rows, int channels) {
        return ContainerTile.bytes(rows, channels);
    }

    /** Byte offset of an element in a matrix of {@code channels} channels; 16 of them from a multiple of 16 on lie side by side. */
    public static long offset(int row, int channel, int channels) {
        long tile =
                (long) (row / ContainerTile.ROWS) * ContainerTile.blocks(channels) + channel / ContainerTile.CHANNELS;
        int within = row % ContainerTile.ROWS * ContainerTile.CHANNELS;
        return tile * ContainerTile.BYTES + within + (channel % ContainerTile.CHANNELS ^ row % 8 * 16);
    }
}
