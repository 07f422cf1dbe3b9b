package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.spec.DenseTileSpec;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Brings BF16 rows into the tiles that wgmma multiplies. */
record PlainTiles(Gpu gpu) {
    /** Of weights that are brought at a time, about so many bytes. */
    private static final int SLICE_BYTES = 64 << 20;

    /** A weight of {@code outputs} by {@code channels} in tiles, in memory that stays. */
    DeviceBuffer weight(String purpose, ByteSource bf16, int outputs, int channels) {
        DeviceBuffer tiles = gpu.lasting(purpose, Bf16Tile.bytes(outputs, channels));
        int rows = Math.max(1, SLICE_BYTES / Short.BYTES / channels / ContainerTile.ROWS) * ContainerTile.ROWS;
        for (int from = 0; from < outputs; from += rows) {
            int count = Math.min(rows, outputs - from);
            long bytes = (long) Short.BYTES * count * channels;
            try (Scratch slice = gpu.scratch(purpose + ", on its way", bytes)) {
                gpu.bring(bf16, (long) Short.BYTES * from * channels, bytes, slice.buffer(), 0);
                lay(slice.address(), count, channels, tiles.address() + Bf16Tile.bytes(from, channels));
            }
        }
        return tiles;
    }

    /** Rows that lie at {@code values}, in tiles at {@code tiles}. */
    void lay(long values, int rows, int channels, long tiles) {
        gpu.launch(new DenseTileSpec(), new DenseTileArguments(rows, channels, values, tiles));
    }
}
