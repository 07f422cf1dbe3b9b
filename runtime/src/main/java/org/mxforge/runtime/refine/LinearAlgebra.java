package org.mxforge.runtime.refine;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQREigenHelper_DDRM;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQrAlgorithm_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_MT_DDRM;
import org.ejml.interfaces.decomposition.TridiagonalSimilarDecomposition_F64;

/** What is done with symmetric matrices, row-major in binary64. */
final class LinearAlgebra {
    /** Rows from which it pays to let all cores work on a matrix that is made tridiagonal. */
    private static final int LARGE = 1024;

    private LinearAlgebra() {}

    /** Eigenvectors of a symmetric matrix, [size][size], one in each column, by ascending eigenvalue. */
    static double[] eigenvectors(double[] symmetric, int size) {
        TridiagonalSimilarDecomposition_F64<DMatrixRMaj> tridiagonal = size < LARGE
                ? DecompositionFactory_DDRM.tridiagonal(size)
                : DecompositionFactory_MT_DDRM.tridiagonal(size);
        boolean found = tridiagonal.decompose(DMatrixRMaj.wrap(size, size, symmetric.clone()));
        double[] diagonal = new double[size];
        double[] beside = new double[size];
        tridiagonal.getDiagonal(diagonal, beside);
        Turns turns = new Turns(diagonal, beside, tridiagonal.getQ(null, true));
        SymmetricQrAlgorithm_DDRM steps = new SymmetricQrAlgorithm_DDRM(turns);
        steps.setFastEigenvalues(false);
        if (!found || !steps.process(-1, null, null)) {
            throw new ArithmeticException("the eigenvectors of a matrix of " + size + " rows were not found");
        }
        double[] rows = turns.all();
        double[] values = turns.copyEigenvalues(null);
        int[] ascending = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] vectors = new double[size * size];
        for (int j = 0; j < size; j++) {
            for (int i = 0; i < size; i++) {
                vectors[i * size + j] = rows[ascending[j] * size + i];
            }
        }
        return vectors;
    }

    /**
     * The steps of the QR algorithm on a tridiagonal matrix, whose rotations of the vectors take nearly all the time: many are collected and
     * then done by all cores, each in columns of its own, which stay in its cache.
     */
    private static final class Turns extends SymmetricQREigenHelper_DDRM {
        private static final int MOST = 1 << 18;
        private static final int WIDE = 64;

        private final int[] first = new int[MOST];
        private final int[] second = new int[MOST];
        private final double[] cosines = new double[MOST];
        private final double[] sines = new double[MOST];
        private int count;

        /** @param vectors one in each row */
        Turns(double[] diagonal, double[] beside, DMatrixRMaj vectors) {
            init(diagonal, beside, diagonal.length);
            setQ(vectors);
        }

        @Override
        protected void updateQ(int m, int n, double c, double s) {
            first[count] = m;
            second[count] = n;
            cosines[count] = c;
            sines[count++] = s;
            if (count == MOST) {
                turn();
            }
        }

        /** The vectors, one in each row, once all is done. */
        double[] all() {
            turn();
            return Q.data;
        }

        private void turn() {
            int size = Q.numCols;
            IntStream.range(0, (size + WIDE - 1) / WIDE).parallel().forEach(strip -> {
                int from = strip * WIDE;
                int wide = Math.min(WIDE, size - from);
                double[] own = new double[size * wide];
                for (int row = 0; row < size; row++) {
                    System.arraycopy(Q.data, row * size + from, own, row * wide, wide);
                }
                for (int i = 0; i < count; i++) {
                    turn(own, first[i] * wide, second[i] * wide, wide, cosines[i], sines[i]);
                }
                for (int row = 0; row < size; row++) {
                    System.arraycopy(own, row * wide, Q.data, row * size + from, wide);
                }
            });
            count = 0;
        }

        private static void turn(double[] rows, int x, int y, int wide, double c, double s) {
            for (int i = 0; i < wide; i++) {
                double a = rows[x + i];
                double b = rows[y + i];
                rows[x + i] = c * a + s * b;
                rows[y + i] = c * b - s * a;
            }
        }
    }

    /** {@code a} times the transpose of {@code b}: [rows][size] and [size][size]. */
    static double[] timesTransposed(double[] a, double[] b, int size) {
        int rows = a.length / size;
        DMatrixRMaj product = new DMatrixRMaj(rows, size);
        CommonOps_MT_DDRM.multTransB(DMatrixRMaj.wrap(rows, size, a), DMatrixRMaj.wrap(size, size, b), product);
        return product.data;
    }
}
