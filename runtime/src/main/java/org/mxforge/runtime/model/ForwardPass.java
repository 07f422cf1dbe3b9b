package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Table;

/**
 * One run of a batch through all layers.
 *
 * @param residual the residual stream, [rows][hidden], changed by every block
 * @param workspace scratch with room for as many rows
 */
record ForwardPass(Batch batch, Matrix residual, Workspace workspace, Table rope) {
    int rows() {
        return residual.rows();
    }
}
