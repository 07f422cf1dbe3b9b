package org.mxforge.runtime.pack;

import java.util.List;
import org.mxforge.dsl.layout.ContainerTile;

/**
 * An operand of a GEMM on sm_90a in host memory: partitions whose scales are folded into their elements, and one power of two for
 * each row, by which the row is smaller than what is stored.
 *
 * @param rows rows (output channels, or tokens)
 * @param partitions in order of accumulation
 * @param factors one for each row, padded to 128 with ones; NaN for a row with a NaN scale
 * @param roundedGroups groups of which an element had to be rounded; 0 if folding was exact
 */
public record FoldedMatrix(int rows, List<FoldedPartition> partitions, float[] factors, long roundedGroups) {
    public FoldedMatrix {
        partitions = List.copyOf(partitions);
        if (factors.length % ContainerTile.ROWS != 0 || factors.length < rows) {
            throw new IllegalArgumentException(
                    rows + " rows need their number of factors, padded to 128, not " + factors.length);
        }
    }

    /** Whether every element is exactly what it was. */
    public boolean isExact() {
        return roundedGroups == 0;
    }
}
