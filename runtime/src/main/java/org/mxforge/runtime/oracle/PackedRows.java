package org.mxforge.runtime.oracle;

import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Rows decoded from codes and scales when first asked for, then kept. */
final class PackedRows implements OperandRows {
    private final PackedMatrix matrix;
    private final double[][] decoded;

    PackedRows(PackedMatrix matrix) {
        this.matrix = matrix;
        this.decoded = new double[matrix.rows()][];
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int channels() {
        return matrix.partitions().stream().mapToInt(PackedPartition::channels).sum();
    }

    @Override
    public double[] row(int row) {
        if (decoded[row] == null) {
            decoded[row] = Dequantizer.row(matrix, row);
        }
        return decoded[row];
    }
}
