package org.mxforge.runtime.simulate;

import java.util.function.IntUnaryOperator;

/**
 * The E8M0 scales of one operand of a block-scaled {@code mma.sync}: bytes of a register of some lanes.
 *
 * @param register slot of the register
 * @param firstByte slot of the number of the byte that scales the first block
 * @param selector slot of what picks the lanes
 * @param blocks how many blocks {@code k} has
 * @param rows rows, or columns, that are scaled
 * @param lane where the first byte of a row is if the selector is 0
 * @param step lanes from there for each number that the selector is higher
 */
record BlockScales(int register, int firstByte, int selector, int blocks, int rows, IntUnaryOperator lane, int step) {
    private static final int BIAS = 127;
    private static final int NAN = 255;

    /** Scales of rows of A: of a quad of lanes, two have a row's and that of eight rows further down. */
    static BlockScales ofRows(Decoding decoding, int operand, int blocks) {
        return of(decoding, operand, blocks, MatrixInstructions.M, row -> row % 8 * 4 + row / 8, 2);
    }

    /** Scales of columns of B: of a quad of lanes, one has them. */
    static BlockScales ofColumns(Decoding decoding, int operand, int blocks) {
        return of(decoding, operand, blocks, MatrixInstructions.N, column -> column * 4, 1);
    }

    private static BlockScales of(
            Decoding decoding, int operand, int blocks, int rows, IntUnaryOperator lane, int step) {
        int[] selectors = decoding.sources(operand + 1, Short.SIZE);
        if (selectors.length != 2) {
            throw decoding.refuse("does not say which lanes have the scales");
        }
        return new BlockScales(
                decoding.source(operand, Integer.SIZE), selectors[0], selectors[1], blocks, rows, lane, step);
    }

    /** Multiplies {@code rows} of {@code k} values. */
    void apply(Warp warp, double[] values, int k) {
        for (int row = 0; row < rows; row++) {
            int from = lane.applyAsInt(row) + step * (int) warp.get(selector, 0);
            for (int block = 0; block < blocks; block++) {
                int scale =
                        (int) (warp.get(register, from) >>> Byte.SIZE * ((int) warp.get(firstByte, 0) + block)) & 0xff;
                for (int i = 0; i < k / blocks; i++) {
                    int at = row * k + block * (k / blocks) + i;
                    values[at] = scale == NAN ? Double.NaN : Math.scalb(values[at], scale - BIAS);
                }
            }
        }
    }
}
