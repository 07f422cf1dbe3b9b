package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.RopeTable;

/**
 * One run of consecutive tokens through all layers.
 *
 * @param residual [rows][hidden], changed by every block
 * @param workspace scratch with room for as many rows
 * @param start position of the first token
 */
record Pass(Matrix residual, Workspace workspace, RopeTable rope, KvCache cache, int start) {
    int rows() {
        return residual.rows();
    }
}
