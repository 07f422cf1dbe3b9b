package org.mxforge.runtime.refine;

import java.util.stream.IntStream;

/**
 * A symmetric matrix M that is positive definite, once enough was added to its diagonal, as the lower triangular L with L^T L = M. All
 * matrices are row-major; several rows go together through the inner loops, on all cores.
 */
final class CholeskyFactor {
    private static final int MOST_DAMPED = 12;

    /** Rows of L that are found before what is left of the matrix is changed, once for all of them. */
    private static final int PANEL = 32;

    /** Rows that one thread solves for together, so that a row of L is read once for all of them. */
    private static final int TOGETHER = 8;

    private final double[] lower;
    private final int size;
    private final int damped;

    private CholeskyFactor(double[] lower, int size, int damped) {
        this.lower = lower;
        this.size = size;
        this.damped = damped;
    }

    /** {@code symmetric} + {@code ridge} I, [size][size]; ten times the ridge as long as that is not positive definite. */
    static CholeskyFactor of(double[] symmetric, int size, double ridge) {
        double added = ridge;
        for (int damped = 0; damped <= MOST_DAMPED; damped++) {
            double[] matrix = symmetric.clone();
            for (int i = 0; i < size; i++) {
                matrix[i * size + i] += added;
            }
            if (factor(matrix, size)) {
                return new CholeskyFactor(matrix, size, damped);
            }
            added *= 10;
        }
        throw new ArithmeticException("a matrix of " + size + " rows is not positive definite");
    }

    /** How many times more had to be added than was asked for. */
    int damped() {
        return damped;
    }

    /** Makes the lower triangle of {@code matrix} its L, from the last row up; whether it is positive definite. */
    private static boolean factor(double[] matrix, int size) {
        for (int end = size; end > 0; end -= PANEL) {
            int begin = Math.max(0, end - PANEL);
            for (int row = end - 1; row >= begin; row--) {
                double pivot = matrix[row * size + row];
                if (!(pivot > 0)) {
                    return false;
                }
                double root = Math.sqrt(pivot);
                for (int j = 0; j <= row; j++) {
                    matrix[row * size + j] /= root;
                }
                for (int above = begin; above < row; above++) {
                    subtract(matrix[row * size + above], matrix, row * size, matrix, above * size, 0, above + 1);
                }
            }
            int last = end;
            IntStream.range(0, begin).parallel().forEach(row -> {
                for (int done = last - 1; done >= begin; done--) {
                    subtract(matrix[done * size + row], matrix, done * size, matrix, row * size, 0, row + 1);
                }
            });
        }
        return true;
    }

    /** Upper triangular R with R^T R the inverse of M: the transpose of the inverse of L. */
    double[] inverseRoot() {
        double[] root = new double[size * size];
        tiles(size, (begin, end) -> {
            double[][] rows = new double[end - begin][size];
            for (int row = begin; row < end; row++) {
                rows[row - begin][row] = 1;
            }
            timesInverse(rows, end);
            for (int row = begin; row < end; row++) {
                for (int j = 0; j <= row; j++) {
                    root[j * size + row] = rows[row - begin][j];
                }
            }
        });
        return root;
    }

    /** The rows y of {@code right} with y M = them, [rows][size]. */
    double[] solve(double[] right) {
        double[] upper = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                upper[j * size + i] = lower[i * size + j];
            }
        }
        double[] solved = new double[right.length];
        tiles(right.length / size, (begin, end) -> {
            double[][] rows = new double[end - begin][size];
            for (int row = begin; row < end; row++) {
                System.arraycopy(right, row * size, rows[row - begin], 0, size);
            }
            timesInverse(rows, size);
            for (int k = 0; k < size; k++) {
                for (double[] row : rows) {
                    row[k] /= upper[k * size + k];
                    subtract(row[k], upper, k * size, row, 0, k + 1, size);
                }
            }
            for (int row = begin; row < end; row++) {
                System.arraycopy(rows[row - begin], 0, solved, row * size, size);
            }
        });
        return solved;
    }

    /** Rows x become x L^-1, where all of them are 0 from channel {@code end} on. */
    private void timesInverse(double[][] rows, int end) {
        for (int k = end - 1; k >= 0; k--) {
            for (double[] row : rows) {
                row[k] /= lower[k * size + k];
                subtract(row[k], lower, k * size, row, 0, 0, k);
            }
        }
    }

    /** Takes {@code factor} times the row of {@code from} at {@code at} off that of {@code to}, in columns {@code begin} to {@code end}. */
    private static void subtract(double factor, double[] from, int at, double[] to, int start, int begin, int end) {
        for (int j = begin; j < end; j++) {
            to[start + j] -= factor * from[at + j];
        }
    }

    /** Rows from the first to behind the last. */
    @FunctionalInterface
    private interface Tile {
        void rows(int begin, int end);
    }

    private static void tiles(int rows, Tile tile) {
        IntStream.range(0, (rows + TOGETHER - 1) / TOGETHER)
                .parallel()
                .forEach(i -> tile.rows(i * TOGETHER, Math.min(rows, (i + 1) * TOGETHER)));
    }
}
