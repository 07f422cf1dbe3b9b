package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.Backend.Embedding;

/** BF16, [vocabulary][hidden]. */
record CudaEmbedding(DeviceBuffer table, int rows, int columns) implements Embedding {}
