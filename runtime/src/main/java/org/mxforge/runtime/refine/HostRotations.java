package org.mxforge.runtime.refine;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mxforge.runtime.exec.spi.Backend;

/** Rotations on the cores of the host. */
final class HostRotations implements Backend.Rotations {
    /** Rows that are made together, so that what they are made of is read once for all of them. */
    private static final int TOGETHER = 32;

    /** Columns of these, so that they stay in a cache. */
    private static final int WIDE = 512;

    /** Terms that are added to a sum while it is in a register. */
    private static final int TERMS = 4;

    /** A row of what is multiplied, from a column on. */
    @FunctionalInterface
    private interface Row {
        void copy(int row, int column, double[] to, int count);
    }

    /** What a row is multiplied by in a sum. */
    @FunctionalInterface
    private interface Factor {
        double of(int sum, int row);
    }

    @Override
    public void channels(float[] rows, int size, double[][] blocks) {
        int width = size * blocks.length;
        int count = rows.length / width;
        each(count, blocks.length, (first, tile, index) -> {
            float[] own = new float[tile * size];
            for (int row = 0; row < tile; row++) {
                System.arraycopy(rows, (first + row) * width + index * size, own, row * size, size);
            }
            double[] block = blocks[index];
            for (int column = 0; column < size; column += WIDE) {
                double[][] sums = sums(
                        tile,
                        Math.min(WIDE, size - column),
                        size,
                        column,
                        (sum, row) -> own[sum * size + row],
                        (row, from, to, wide) -> System.arraycopy(block, row * size + from, to, 0, wide));
                for (int row = 0; row < tile; row++) {
                    round(sums[row], rows, (first + row) * width + index * size + column);
                }
            }
        });
    }

    @Override
    public void outputs(float[] weight, int size, double[][] blocks) {
        int columns = weight.length / (size * blocks.length);
        float[] from = weight.clone();
        each(size, blocks.length, (first, tile, index) -> {
            double[] block = blocks[index];
            int top = index * size;
            for (int column = 0; column < columns; column += WIDE) {
                double[][] sums = sums(
                        tile,
                        Math.min(WIDE, columns - column),
                        size,
                        column,
                        (sum, row) -> block[row * size + first + sum],
                        (row, at, to, wide) -> {
                            for (int j = 0; j < wide; j++) {
                                to[j] = from[(top + row) * columns + at + j];
                            }
                        });
                for (int row = 0; row < tile; row++) {
                    round(sums[row], weight, (top + first + row) * columns + column);
                }
            }
        });
    }

    /** Makes some rows of a block. */
    @FunctionalInterface
    private interface Tile {
        void make(int first, int count, int block);
    }

    private static void each(int rows, int blocks, Tile tile) {
        int tiles = (rows + TOGETHER - 1) / TOGETHER;
        IntStream.range(0, tiles * blocks).parallel().forEach(task -> {
            int first = task % tiles * TOGETHER;
            tile.make(first, Math.min(TOGETHER, rows - first), task / tiles);
        });
    }

    /** For each of {@code count} sums, {@code wide} columns of so many rows times their factors, in the order of the rows. */
    private static double[][] sums(int count, int wide, int rows, int column, Factor factor, Row row) {
        double[][] sums = new double[count][wide];
        double[][] terms = new double[TERMS][wide];
        for (int k = 0; k < rows; k += TERMS) {
            int many = Math.min(TERMS, rows - k);
            for (int i = 0; i < TERMS; i++) {
                if (i < many) {
                    row.copy(k + i, column, terms[i], wide);
                } else {
                    Arrays.fill(terms[i], 0);
                }
            }
            for (int sum = 0; sum < count; sum++) {
                add(
                        sums[sum],
                        terms,
                        factor.of(sum, k),
                        many > 1 ? factor.of(sum, k + 1) : 0,
                        many > 2 ? factor.of(sum, k + 2) : 0,
                        many > 3 ? factor.of(sum, k + 3) : 0);
            }
        }
        return sums;
    }

    private static void add(double[] sum, double[][] terms, double f0, double f1, double f2, double f3) {
        double[] t0 = terms[0];
        double[] t1 = terms[1];
        double[] t2 = terms[2];
        double[] t3 = terms[3];
        for (int j = 0; j < sum.length; j++) {
            sum[j] = sum[j] + f0 * t0[j] + f1 * t1[j] + f2 * t2[j] + f3 * t3[j];
        }
    }

    private static void round(double[] sum, float[] to, int at) {
        for (int j = 0; j < sum.length; j++) {
            to[at + j] = (float) sum[j];
        }
    }
}
