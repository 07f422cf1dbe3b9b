package org.mxforge.runtime.exec.cuda;

import java.util.Arrays;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.spec.DenseTileSpec;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Brings BF16 rows into the tiles that wgmma multiplies. */
record PlainTiles(Gpu gpu) {
    /** Of weights that are brought at a time, about so many bytes. */
    private static final int SLICE_BYTES = 64 << 20;

    /** A weight of {@code outputs} by {@code channels} in tiles, in memory that stays. */
    DeviceBuffer weight(String purpose, short[] bf16, int outputs, int channels) {
        DeviceBuffer tiles = gpu.lasting(purpose, Bf16Tile.bytes(outputs, channels));
        int rows = Math.max(1, SLICE_BYTES / Short.BYTES / channels / ContainerTile.ROWS) * ContainerTile.ROWS;
        for (int from = 0; from < outputs; from += rows) {
            int count = Math.min(rows, outputs - from);
            try (Scratch slice = gpu.scratch(purpose + ", on its way", (long) Short.BYTES * count * channels)) {
                slice.buffer().upload(Arrays.copyOfRange(bf16, from * channels, (from + count) * channels));
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
