package org.mxforge.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Makes room for quantizers to write to. */
public final class PackedMatrices {
    private PackedMatrices() {}

    /** A matrix of zero bytes in the formats that {@code split} gives to {@code side}. */
    public static PackedMatrix allocate(ChannelSplit split, Side side, int rows) {
        List<PackedPartition> partitions = new ArrayList<>();
        for (Partition partition : split.partitions()) {
            ElementFormat format = side.format(partition.formats());
            int channels = partition.channels();
            byte[] codes = new byte[Math.toIntExact(rows * CodePacking.bytes(format, channels))];
            byte[] scales = new byte[Math.multiplyExact(rows, partition.groups())];
            partitions.add(new PackedPartition(format, rows, channels, codes, scales));
        }
        return new PackedMatrix(rows, partitions);
    }
}
