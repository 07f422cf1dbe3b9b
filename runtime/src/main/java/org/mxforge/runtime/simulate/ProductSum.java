package org.mxforge.runtime.simulate;

/** Adds {@code k} products to the bits of a sum. */
@FunctionalInterface
interface ProductSum {
    long add(long before, double[] rows, int row, double[] columns, int column, int k);

    /** In FP32, as a tensor core rounds. */
    static ProductSum rounding(TensorCore core, TensorCore.Least least) {
        return (before, rows, row, columns, column, k) -> FloatInstructions.bits(
                core.add(FloatInstructions.single(before), rows, row, columns, column, k, least));
    }

    /** Of integers, in 32 bits without rounding. */
    static long integers(long before, double[] rows, int row, double[] columns, int column, int k) {
        int sum = (int) before;
        for (int i = 0; i < k; i++) {
            sum += (int) (rows[row + i] * columns[column + i]);
        }
        return sum & 0xffff_ffffL;
    }
}
