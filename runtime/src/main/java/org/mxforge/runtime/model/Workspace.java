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
    private final Matrix unrotatedQueries;
    private final Matrix unrotatedKeys;
    private final Matrix queries;
    private final Matrix values;
    private final Matrix attended;
    private final Matrix gate;
    private final Matrix up;

    Workspace(ModelConfig config, Backend backend, int capacity) {
        this.capacity = capacity;
        residual = own(backend.fp32(capacity, config.hidden()));
        unrotatedQueries = own(backend.fp32(capacity, config.queryWidth()));
        unrotatedKeys = own(backend.fp32(capacity, config.keyWidth()));
        queries = own(backend.activations(capacity, config.queryWidth()));
        values = own(backend.activations(capacity, config.keyWidth()));
        attended = own(backend.activations(capacity, config.queryWidth()));
        // Experts have their own, for as many tokens as each gets.
        gate = own(backend.activations(capacity, config.intermediate()));
        up = own(backend.activations(capacity, config.intermediate()));
    }

    int capacity() {
        return capacity;
    }

    Matrix residual(int rows) {
        return residual.first(rows);
    }

    Matrix unrotatedQueries(int rows) {
        return unrotatedQueries.first(rows);
    }

    Matrix unrotatedKeys(int rows) {
        return unrotatedKeys.first(rows);
    }

    Matrix queries(int rows) {
        return queries.first(rows);
    }

    Matrix values(int rows) {
        return values.first(rows);
    }

    Matrix attended(int rows) {
        return attended.first(rows);
    }

    Matrix gate(int rows) {
        return gate.first(rows);
    }

    Matrix up(int rows) {
        return up.first(rows);
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
