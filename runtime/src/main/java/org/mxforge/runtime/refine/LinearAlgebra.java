package org.mxforge.runtime.refine;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_MT_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

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

    /** {@code a} times the transpose of {@code b}: [rows][size] and [size][size]. */
    static double[] timesTransposed(double[] a, double[] b, int size) {
        int rows = a.length / size;
        DMatrixRMaj product = new DMatrixRMaj(rows, size);
        CommonOps_MT_DDRM.multTransB(DMatrixRMaj.wrap(rows, size, a), DMatrixRMaj.wrap(size, size, b), product);
        return product.data;
    }
}
