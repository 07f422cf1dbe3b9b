package org.mxforge.runtime.cuda.backend;

import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.quant.PackedPartition;

/** One partition of a weight in GPU memory: codes as they were packed, scales in tiles. */
record PackedWeight(DeviceBuffer codes, DeviceBuffer scales, int channels) {
    static PackedWeight upload(Gpu gpu, PackedPartition partition) {
        String purpose = "a weight of " + partition.rows() + "x" + partition.channels() + " in "
                + partition.format().text();
        return new PackedWeight(
                gpu.lasting(purpose, partition.codes()),
                gpu.lasting("the scales of " + purpose, tiled(partition)),
                partition.channels());
    }

    /** The partition's scales in the layout of the CUDA kernels, zeros in the padding. */
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
