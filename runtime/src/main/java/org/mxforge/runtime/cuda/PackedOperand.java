package org.mxforge.runtime.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * A packed matrix in GPU memory: codes as they were packed, scales in the tiles that the CUDA kernels read.
 *
 * @param rows output channels, or tokens
 * @param parts its partitions
 */
public record PackedOperand(int rows, List<Part> parts) {
    /**
     * One partition.
     *
     * @param codes {@code [rows][channels]} packed codes
     * @param scales E8M0, {@link GroupLayout#TILED}, zeros in the padding
     * @param channels columns
     */
    public record Part(DeviceBuffer codes, DeviceBuffer scales, int channels) {}

    /** Where the bytes go. */
    @FunctionalInterface
    public interface Memory {
        /** {@code values} in GPU memory; {@code purpose} is for the message if it does not suffice. */
        DeviceBuffer upload(String purpose, byte[] values);
    }

    public PackedOperand {
        parts = List.copyOf(parts);
    }

    /** Uploads {@code matrix}. */
    public static PackedOperand upload(PackedMatrix matrix, Memory memory) {
        List<Part> parts = new ArrayList<>();
        for (PackedPartition partition : matrix.partitions()) {
            String purpose = "a matrix of " + partition.rows() + "x" + partition.channels() + " in "
                    + partition.format().text();
            parts.add(new Part(
                    memory.upload(purpose, partition.codes()),
                    memory.upload("the scales of " + purpose, tiled(partition)),
                    partition.channels()));
        }
        return new PackedOperand(matrix.rows(), parts);
    }

    private static byte[] tiled(PackedPartition partition) {
        ScaleLayout layout = GroupLayout.TILED.scales();
        int groups = partition.channels() / GroupLayout.GROUP;
        byte[] tiles = new byte[Math.toIntExact(layout.bytes(partition.rows(), groups))];
        for (int row = 0; row < partition.rows(); row++) {
            for (int group = 0; group < groups; group++) {
                tiles[(int) layout.offset(row, group, groups)] = partition.scales()[row * groups + group];
            }
        }
        return tiles;
    }
}
