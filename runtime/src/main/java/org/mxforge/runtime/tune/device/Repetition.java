package org.mxforge.runtime.tune.device;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * Copies a block of rows that was laid out in GPU memory until the whole matrix is there. In every layout a row of tiles follows the
 * other, so that bytes of a block can be repeated and turned by whole tiles.
 *
 * @param set number of the operand set: where the matrix repeats, each begins with another tile
 */
record Repetition(RepeatedRows matrix, DeviceArena memory, CudaStream stream, int set) {
    private static final int TILES = RepeatedRows.BLOCK / ContainerTile.ROWS;

    PackedOperand of(PackedOperand block) {
        // Partitions of a folded operand share the factors of its rows.
        Map<DeviceBuffer, DeviceBuffer> repeats = new HashMap<>();
        return new PackedOperand(
                matrix.rows(),
                block.parts().stream()
                        .map(part -> new PackedOperand.Part(
                                repeats.computeIfAbsent(part.codes(), this::repeated),
                                repeats.computeIfAbsent(part.scales(), this::repeated),
                                part.channels()))
                        .toList());
    }

    private DeviceBuffer repeated(DeviceBuffer block) {
        long bytes = block.bytes();
        int times = matrix.times();
        long turn = times == 1 ? 0 : set % TILES * (bytes / TILES);
        DeviceBuffer all = memory.allocate("an operand that variants are timed on", times * bytes);
        for (int i = 0; i < times; i++) {
            all.copy(stream, i * bytes, block, turn, bytes - turn);
            if (turn > 0) {
                all.copy(stream, (i + 1) * bytes - turn, block, 0, turn);
            }
        }
        return all;
    }
}
