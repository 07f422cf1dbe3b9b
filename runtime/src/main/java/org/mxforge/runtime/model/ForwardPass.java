package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Matrix;

/**
 * One run of a batch through all layers.
 *
 * @param residual the residual stream, [rows][hidden], changed by every block
 */
record ForwardPass(Batch batch, Matrix residual, RopeTable rope) {
    int rows() {
        return residual.rows();
    }
}
