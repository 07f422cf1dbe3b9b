package org.mxforge.runtime.exec.cuda;

import java.util.Arrays;
import org.mxforge.dsl.launch.Fp64FactorArguments;
import org.mxforge.dsl.launch.Fp64GemmArguments;
import org.mxforge.dsl.spec.Fp64FactorSpec;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.Fp64GemmSpec.Sum;

/** A matrix in FP64 on a GPU, row-major; closing it gives its memory back. */
record Fp64Matrix(Gpu gpu, Scratch memory, int rows, int columns) implements AutoCloseable {
    /** Tries to add enough to a diagonal. */
    private static final int MOST_DAMPED = 12;

    /** One of undefined content. */
    static Fp64Matrix allocate(Gpu gpu, int rows, int columns) {
        String purpose = "a " + rows + "x" + columns + " matrix in FP64";
        return new Fp64Matrix(gpu, gpu.scratch(purpose, bytes(rows, columns)), rows, columns);
    }

    static Fp64Matrix zeros(Gpu gpu, int rows, int columns) {
        Fp64Matrix matrix = allocate(gpu, rows, columns);
        matrix.memory.buffer().fill(gpu.stream(), (byte) 0);
        return matrix;
    }

    static long bytes(long rows, long columns) {
        return Double.BYTES * rows * columns;
    }

    long address() {
        return memory.address();
    }

    /** What is multiplied: all from an element on. */
    record Part(long address, int stride) {}

    /** That from row {@code row} and column {@code column} on. */
    Part from(int row, int column) {
        return new Part(address() + bytes(row, columns) + bytes(1, column), columns);
    }

    Part all() {
        return from(0, 0);
    }

    /** What of a product need not be computed, since it is known to be zero or is not looked at. */
    enum Skipped {
        NOTHING(0, 0, 0),
        /** Of D what lies above the diagonal, or rather the tiles that do. */
        ABOVE(1, 0, 0),
        /** Below the diagonal of B. */
        BELOW_B(0, 0, 1),
        /** Below the diagonals of B and of the transpose of A. */
        BELOW_BOTH(0, 1, 1);

        private final int lower;
        private final int upperA;
        private final int upperB;

        Skipped(int lower, int upperA, int upperB) {
            this.lower = lower;
            this.upperA = upperA;
            this.upperB = upperB;
        }
    }

    /** {@code m} by {@code n} sums of {@code k} products, for {@code d}; A is [m][k], or [k][m] where {@code transposed}. */
    static void multiply(
            Gpu gpu, boolean transposed, Sum sum, int m, int n, int k, Part a, Part b, Part d, Skipped skipped) {
        gpu.launch(
                new Fp64GemmSpec(transposed, sum),
                new Fp64GemmArguments(
                        m,
                        n,
                        k,
                        a.address,
                        a.stride,
                        b.address,
                        b.stride,
                        d.address,
                        d.stride,
                        skipped.lower,
                        skipped.upperA,
                        skipped.upperB));
    }

    /** The elements on the diagonal of a square matrix; waits for the device. */
    double[] diagonal() {
        double[] values = new double[rows];
        try (Scratch gathered = gpu.scratch("a diagonal", bytes(rows, 1))) {
            gathered.buffer().gatherRows(gpu.stream(), memory.buffer(), 0, bytes(1, columns + 1L), Double.BYTES, rows);
            gathered.buffer().download(values);
        }
        return values;
    }

    /** Puts {@code values}, each and {@code more}, onto the diagonal. */
    void setDiagonal(double[] values, double more) {
        try (Scratch gathered = gpu.scratch("a diagonal", bytes(rows, 1))) {
            gathered.buffer()
                    .upload(Arrays.stream(values).map(value -> value + more).toArray());
            memory.buffer().copyRows(gpu.stream(), 0, bytes(1, columns + 1L), gathered.buffer(), Double.BYTES, rows);
        }
    }

    /**
     * Makes {@code root} the upper triangular R with R^T R the inverse of this symmetric matrix, of which the lower triangle is read, and
     * {@code ridge} I; ten times the ridge as long as that is not positive definite.
     *
     * @return how many times more had to be added than was asked for
     */
    int inverseRoot(double ridge, Fp64Matrix root) {
        double[] diagonal = diagonal();
        double added = ridge;
        try (Fp64Matrix left = allocate(gpu, rows, columns)) {
            for (int damped = 0; damped <= MOST_DAMPED; damped++) {
                left.memory.buffer().copy(gpu.stream(), 0, memory.buffer(), 0, bytes(rows, columns));
                left.setDiagonal(diagonal, added);
                if (left.factor(root)) {
                    return damped;
                }
                added *= 10;
            }
        }
        throw new ArithmeticException("a matrix of " + rows + " rows is not positive definite");
    }

    /**
     * From the last block of rows up: with M = L^T L in blocks, L's row of blocks is V^T M of what is left of M, V the inverse of its block on the
     * diagonal; L^T L of it is taken off what is left; and R's row of blocks is V^T, and behind it -V^T (L^T R) of the rows below. Makes the
     * lower triangle L's.
     */
    private boolean factor(Fp64Matrix root) {
        int block = Fp64FactorSpec.SIZE;
        root.memory.buffer().fill(gpu.stream(), (byte) 0);
        try (Fp64Matrix inverse = allocate(gpu, block, block);
                Fp64Matrix behind = allocate(gpu, block, columns);
                Scratch failed = gpu.scratch("whether a matrix is positive definite", new int[1])) {
            for (int first = (rows - 1) / block * block; first >= 0; first -= block) {
                int end = Math.min(rows, first + block);
                int count = end - first;
                int later = rows - end;
                gpu.launch(
                        new Fp64FactorSpec(),
                        new Fp64FactorArguments(
                                rows, first, address(), inverse.address(), root.address(), failed.address()));
                if (later > 0) {
                    multiply(
                            gpu,
                            true,
                            Sum.SET,
                            count,
                            later,
                            later,
                            from(end, first),
                            root.from(end, end),
                            behind.all(),
                            Skipped.BELOW_B);
                    multiply(
                            gpu,
                            true,
                            Sum.SUBTRACT,
                            count,
                            later,
                            count,
                            inverse.all(),
                            behind.all(),
                            root.from(first, end),
                            Skipped.NOTHING);
                }
                if (first > 0) {
                    Part row = from(first, 0);
                    multiply(gpu, true, Sum.SET, count, first, count, inverse.all(), row, row, Skipped.NOTHING);
                    multiply(gpu, true, Sum.SUBTRACT, first, first, count, row, row, all(), Skipped.ABOVE);
                }
            }
            int[] result = new int[1];
            failed.buffer().download(result);
            return result[0] == 0;
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
