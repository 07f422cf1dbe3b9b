package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Matrix;

/** Takes logits a few rows at a time, so that those of a long text need not be in memory together. */
@FunctionalInterface
public interface LogitsConsumer {
    /**
     * @param logits [rows][vocabulary], valid during the call, may be overwritten
     * @param firstRow which of the tokens whose logits were asked for row 0 belongs to
     */
    void accept(Matrix logits, int firstRow);
}
