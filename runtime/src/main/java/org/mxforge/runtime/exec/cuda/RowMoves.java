package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Matrix;

/** Rows taken out of matrices by their numbers, and added to rows of others. */
final class RowMoves {
    private final Gpu gpu;
    private final IdentityRows ownRows;

    RowMoves(Gpu gpu) {
        this.gpu = gpu;
        this.ownRows = new IdentityRows(gpu);
    }

    /** Row i of {@code out} becomes row {@code rows[i]} of {@code x}, of the same type. */
    void gather(Matrix x, int[] rows, Matrix out) {
        check(rows, x.rows());
        try (Scratch index = gpu.scratch("row numbers", rows)) {
            gather(x, index.address(), rows.length, out);
        }
    }

    /** Row i of {@code out} becomes that of output {@code first + i} of {@code batch}. */
    void gatherOutputs(Matrix x, CudaBatch batch, int first, Matrix out) {
        if (out.rows() > batch.outputs() - first) {
            throw new IllegalArgumentException(
                    out.rows() + " outputs from " + first + " on of a batch of " + batch.outputs());
        }
        gather(x, batch.address(Field.OUTPUTS, first), out.rows(), out);
    }

    private void gather(Matrix x, long index, int rows, Matrix out) {
        CudaMatrix from = CudaMatrix.of(x);
        CudaMatrix to = CudaMatrix.of(out, from.type(), rows, x.columns());
        gpu.launch(
                new RowGatherSpec(to.type()),
                new RowGatherArguments(to.rows(), to.columns(), index, from.address(), to.address()));
    }

    /** Adds {@code x}, BF16, to {@code y}, FP32. */
    void add(Matrix x, Matrix y) {
        IdentityRows own = ownRows.reserve(x.rows());
        scatterAdd(x, own.numbers(), own.factors(), y);
    }

    /** Adds row i of {@code x}, BF16, times {@code weights[i]} to row {@code rows[i]} of {@code y}, FP32. */
    void scatterAdd(Matrix x, int[] rows, float[] weights, Matrix y) {
        check(rows, y.rows());
        try (Scratch index = gpu.scratch("row numbers", rows);
                Scratch factors = gpu.scratch("row weights", weights)) {
            scatterAdd(
                    CudaMatrix.of(x, ScalarType.BF16, rows.length, y.columns()), index.address(), factors.address(), y);
        }
    }

    private void scatterAdd(Matrix x, long index, long factors, Matrix y) {
        CudaMatrix to = CudaMatrix.of(y, ScalarType.FP32, y.rows(), y.columns());
        CudaMatrix from = CudaMatrix.of(x, ScalarType.BF16, x.rows(), y.columns());
        gpu.launch(
                new RowScatterAddSpec(to.type()),
                new RowScatterAddArguments(from.rows(), from.columns(), index, factors, from.address(), to.address()));
    }

    /** The kernels do not check the row numbers that they are given. */
    private static void check(int[] numbers, int rows) {
        for (int row : numbers) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException("row " + row + " of a matrix or table of " + rows + " rows");
            }
        }
    }
}
