package org.mxforge.codegen.kernel.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What a quantizer that may round as it folds gives, from codes and scales: the rule of MxQuantizeSpec once more. */
final class PackedFold {
    private PackedFold() {}

    /** Folds finite codes. */
    static FoldedMatrix fold(PackedMatrix matrix) {
        int[] exponents = new int[matrix.rows()];
        Arrays.fill(exponents, Integer.MIN_VALUE);
        for (PackedPartition partition : matrix.partitions()) {
            float[] values = values(partition);
            for (int i = 0; i < values.length; i++) {
                if (values[i] != 0) {
                    int row = i / partition.channels();
                    int highest = FoldedFormat.of(partition.format()).highest();
                    exponents[row] = Math.max(exponents[row], scale(partition, i) - highest);
                }
            }
        }
        float[] factors = new float[(matrix.rows() + ContainerTile.ROWS - 1) / ContainerTile.ROWS * ContainerTile.ROWS];
        for (int row = 0; row < matrix.rows(); row++) {
            exponents[row] = exponents[row] == Integer.MIN_VALUE ? 127 : exponents[row];
            factors[row] = (float) Math.scalb(1.0, exponents[row] - 127);
        }
        List<FoldedMatrix.Partition> partitions = new ArrayList<>();
        for (PackedPartition partition : matrix.partitions()) {
            byte[] tiles = new byte[Math.toIntExact(ContainerTile.bytes(matrix.rows(), partition.channels()))];
            float[] values = values(partition);
            for (int i = 0; i < values.length; i++) {
                int row = i / partition.channels();
                float shifted =
                        values[i] == 0 ? values[i] : Math.scalb(values[i], scale(partition, i) - exponents[row]);
                long at = ContainerTile.offset(row, i % partition.channels(), partition.channels());
                tiles[Math.toIntExact(at)] =
                        (byte) FoldedFormat.of(partition.format()).container().encode(shifted);
            }
            partitions.add(new FoldedMatrix.Partition(partition.format(), partition.channels(), tiles));
        }
        return new FoldedMatrix(matrix.rows(), partitions, factors, 0);
    }

    private static int scale(PackedPartition partition, int element) {
        return partition.scales()[element / GroupLayout.GROUP] & 0xff;
    }

    private static float[] values(PackedPartition partition) {
        byte[] codes = new byte[partition.rows() * partition.channels()];
        CodePacking.unpack(partition.format(), partition.codes(), 0, codes.length, codes, 0);
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = partition.format().decode(codes[i] & 0xff);
        }
        return values;
    }
}
