package org.mxforge.runtime.pack;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * An operand of a GEMM on sm_90a in host memory: partitions whose scales are folded into their elements, and one power of two for
 * each row, by which the row is smaller than what is stored.
 *
 * @param rows rows (output channels, or tokens)
 * @param partitions in order of accumulation
 * @param factors one for each row, padded to 128 with ones; NaN for a row with a NaN scale
 * @param roundedGroups groups of which an element had to be rounded; 0 if folding was exact
 */
public record FoldedMatrix(int rows, List<Partition> partitions, float[] factors, long roundedGroups) {
    public FoldedMatrix {
        partitions = List.copyOf(partitions);
        if (factors.length % ContainerTile.ROWS != 0 || factors.length < rows) {
            throw new IllegalArgumentException(
                    rows + " rows need their number of factors, padded to 128, not " + factors.length);
        }
    }

    /**
     * Folds the scales of {@code matrix} into its elements; {@link #isExact} tells whether any had to be rounded.
     *
     * @param layout one that folds
     * @param side operand: only weights are kept as fragments
     */
    public static FoldedMatrix fold(PackedMatrix matrix, OperandLayout layout, Side side) {
        return RowFold.fold(matrix, layout, side);
    }

    /**
     * The same, where elements may be rounded only as {@code tolerance} says.
     *
     * @throws MxForgeException if more would be
     */
    public static FoldedMatrix fold(PackedMatrix matrix, OperandLayout layout, Side side, Tolerance tolerance) {
        FoldedMatrix folded = fold(matrix, layout, side);
        if (!folded.isExact() && !tolerance.rounds()) {
            throw new MxForgeException("the scales of a matrix of " + matrix.rows() + " rows cannot be folded exactly: "
                    + folded.roundedGroups()
                    + " groups would be rounded; keep the codes packed or, to allow it, use tolerance="
                    + Tolerance.WITHIN_4.text() + ".");
        }
        return folded;
    }

    /**
     * Quantizes activations straight to FP8 containers or, where these have no room and may not round, to BF16.
     *
     * @param input how
     * @param rounds whether elements may be rounded once more
     * @param values {@code [rows][channels]}, channels in their original order
     * @return bytes of rows in the padding are zero, as are factors of one there; groups count as rounded if a code was
     */
    public static FoldedMatrix quantize(InputQuantization input, boolean rounds, float[] values, int rows) {
        return new FoldedQuantizer(input, rounds).quantize(values, rows);
    }

    /** Whether every element is exactly what it was. */
    public boolean isExact() {
        return roundedGroups == 0;
    }

    /**
     * One partition of a folded operand in host memory.
     *
     * @param format MX format it was folded from
     * @param channels columns before padding, a multiple of 32
     * @param tiles {@link org.mxforge.dsl.layout.ContainerTile}, {@link org.mxforge.dsl.layout.FragmentTile} or BF16
     */
    public record Partition(ElementFormat format, int channels, byte[] tiles) {}
}
