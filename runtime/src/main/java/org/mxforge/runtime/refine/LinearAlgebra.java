package org.mxforge.runtime.refine;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** What is done with symmetric matrices, row-major in binary64. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    /** Eigenvectors of a symmetric matrix, [size][size], one in each column, by ascending eigenvalue. */
    static double[] eigenvectors(double[] symmetric, int size) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(DMatrixRMaj.wrap(size, size, symmetric.clone()))) {
            throw new ArithmeticException("the eigenvectors of a matrix of " + size + " rows were not found");
        }
        int[] ascending = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> eigen.getEigenvalue(i).getReal()))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] vectors = new double[size * size];
        for (int j = 0; j < size; j++) {
            DMatrixRMaj vector = eigen.getEigenVector(ascending[j]);
            for (int i = 0; i < size; i++) {
                vectors[i * size + j] = vector.get(i);
            }
        }
        return vectors;
    }

    /**
     * A symmetric matrix that is positive definite, once enough was added to its diagonal.
     *
     * @param matrix with what was added, [size][size]
     * @param damped how many times more had to be added than was asked for
     */
    record Definite(DMatrixRMaj matrix, LinearSolverDense<DMatrixRMaj> solver, int damped) {
        private static final int MOST = 12;

        /** {@code symmetric} + {@code ridge} I; ten times the ridge as long as that is not positive definite. */
        static Definite of(double[] symmetric, int size, double ridge) {
            double added = ridge;
            for (int damped = 0; damped <= MOST; damped++) {
                DMatrixRMaj matrix = new DMatrixRMaj(size, size, true, symmetric);
                for (int i = 0; i < size; i++) {
                    matrix.data[i * size + i] += added;
                }
                LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(size);
                if (solver.setA(matrix.copy())) {
                    return new Definite(matrix, solver, damped);
                }
                added *= 10;
            }
            throw new ArithmeticException("a matrix of " + size + " rows is not positive definite");
        }

        /** Upper triangular R with R^T R the inverse. */
        double[] inverseRoot() {
            int size = matrix.numRows;
            DMatrixRMaj inverse = new DMatrixRMaj(size, size);
            solver.invert(inverse);
            CholeskyDecomposition_F64<DMatrixRMaj> root = DecompositionFactory_DDRM.chol(size, false);
            if (!root.decompose(inverse)) {
                throw new ArithmeticException("the inverse of a matrix of " + size + " rows has no root");
            }
            return root.getT(null).data;
        }

        /** The rows y of {@code right} with y M = them, [rows][size]. */
        double[] solve(double[] right) {
            int size = matrix.numRows;
            DMatrixRMaj columns = new DMatrixRMaj(size, right.length / size);
            CommonOps_DDRM.transpose(DMatrixRMaj.wrap(right.length / size, size, right), columns);
            DMatrixRMaj solved = new DMatrixRMaj(size, columns.numCols);
            solver.solve(columns, solved);
            return CommonOps_DDRM.transpose(solved, null).data;
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
