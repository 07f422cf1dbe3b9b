package org.mxforge.runtime.oracle;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** The values that packed codes and scales stand for: element times scale, exact in binary64; NaN under scale 255. */
final class Dequantizer {
    private Dequantizer() {}

    /** All values, {@code [rows][channels]}, partitions side by side. */
    public static double[] values(PackedMatrix matrix) {
        int channels =
                matrix.partitions().stream().mapToInt(PackedPartition::channels).sum();
        double[] values = new double[Math.multiplyExact(matrix.rows(), channels)];
        for (int row = 0; row < matrix.rows(); row++) {
            System.arraycopy(row(matrix, row), 0, values, row * channels, channels);
        }
        return values;
    }

    /** The values of one row. */
    public static double[] row(PackedMatrix matrix, int row) {
        double[] values = new double
                [matrix.partitions().stream()
                        .mapToInt(PackedPartition::channels)
                        .sum()];
        int first = 0;
        for (PackedPartition partition : matrix.partitions()) {
            ElementFormat format = partition.format();
            float[] table = table(format);
            GroupLayout layout = partition.groups();
            byte[] codes = new byte[layout.size()];
            int groups = partition.rowScales();
            for (int i = 0; i < groups; i++) {
                int index = row * groups + i;
                double scale = layout.format().decode(partition.scales()[index] & 0xff);
                CodePacking.unpack(format, partition.codes(), index * layout.bytes(format), codes.length, codes, 0);
                for (byte code : codes) {
                    values[first++] = table[code & 0xff] * scale;
                }
            }
        }
        return values;
    }

    private static float[] table(ElementFormat format) {
        float[] table = new float[format.codes()];
        for (int code = 0; code < table.length; code++) {
            table[code] = format.decode(code);
        }
        return table;
    }
}
