package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.ModelConfig;

/** Activations that all layers share, for up to {@link #capacity} rows. */
final class Workspace implements AutoCloseable {
    private final int capacity;
    private final List<Matrix> owned = new ArrayList<>();
    private final Matrix residual;
    private final Matrix projected;
    private final Matrix queries;
    private final Matrix attended;
    private final Matrix gateAndUp;

    Workspace(ModelConfig config, Backend backend, int capacity) {
        this.capacity = capacity;
        residual = own(backend.fp32(capacity, config.hidden()));
        projected = own(backend.fp32(capacity, config.queryWidth() + 2 * config.keyWidth()));
        queries = own(backend.activations(capacity, config.queryWidth()));
        attended = own(backend.activations(capacity, config.queryWidth()));
        // Experts have their own, for as many tokens as each gets.
        gateAndUp = own(backend.activations(capacity, 2 * config.intermediate()));
    }

    int capacity() {
        return capacity;
    }

    Matrix residual(int rows) {
        return residual.first(rows);
    }

    /** Queries, keys and values as their layers put them out, side by side. */
    Matrix projected(int rows) {
        return projected.first(rows);
    }

    Matrix queries(int rows) {
        return queries.first(rows);
    }

    Matrix attended(int rows) {
        return attended.first(rows);
    }

    /** Gate and up, side by side. */
    Matrix gateAndUp(int rows) {
        return gateAndUp.first(rows);
    }

    @Override
    public void close() {
        owned.forEach(Matrix::close);
    }

    private Matrix own(Matrix matrix) {
        owned.add(matrix);
        return matrix;
    }
}
