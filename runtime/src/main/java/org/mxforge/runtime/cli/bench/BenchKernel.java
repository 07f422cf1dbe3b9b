package org.mxforge.runtime.cli.bench;

import org.mxforge.runtime.cuda.driver.CudaStream;

/** Something set up on the GPU to be run over and over, on operand sets that take turns. */
interface BenchKernel extends AutoCloseable {
    /** Operand sets, at least 1. */
    int sets();

    /** Puts the whole work on operand set {@code set} on {@code stream}, every launch it takes; does not wait. */
    void launch(CudaStream stream, int set);

    /** Bytes that one run must read and write. */
    double bytes();

    /** Operations that one run must do. */
    double flops();

    @Override
    void close();
}
