package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What the oracle makes of rows, as a right kernel leaves it in GPU memory. */
record ExpectedRows(InputQuantization input, Side side, OperandLayout layout, Tolerance tolerance) {
    /**
     * Codes and scales of a few rows.
     *
     * @param values {@code [rows][channels]}, channels in their original order
     */
    QuantizedBytes bytes(float[] values, int rows) {
        return layout.isFolded() ? folded(values, rows) : packed(values, rows);
    }

    private QuantizedBytes packed(float[] values, int rows) {
        PackedMatrix matrix = new ReferenceQuantizer(input, side).quantize(values, rows);
        return new QuantizedBytes(
                matrix.partitions().stream().map(PackedPartition::codes).toList(),
                matrix.partitions().stream()
                        .map(partition -> partition.scales(layout))
                        .toList());
    }

    /** Rows of padding are not written. */
    private QuantizedBytes folded(float[] values, int rows) {
        FoldedMatrix matrix = FoldedMatrix.quantize(input, tolerance.rounds(), values, rows);
        matrix.partitions().forEach(partition -> leavePadding(partition.tiles(), rows));
        ByteBuffer factors =
                ByteBuffer.allocate(Float.BYTES * matrix.factors().length).order(ByteOrder.LITTLE_ENDIAN);
        factors.asFloatBuffer().put(matrix.factors());
        Arrays.fill(factors.array(), Float.BYTES * rows, factors.capacity(), QuantizedBytes.UNTOUCHED);
        return new QuantizedBytes(
                matrix.partitions().stream().map(partition -> partition.tiles()).toList(), List.of(factors.array()));
    }

    /** One row of tiles at most. */
    private static void leavePadding(byte[] tiles, int rows) {
        for (int tile = 0; tile < tiles.length; tile += ContainerTile.BYTES) {
            Arrays.fill(
                    tiles, tile + rows * ContainerTile.CHANNELS, tile + ContainerTile.BYTES, QuantizedBytes.UNTOUCHED);
        }
    }
}
