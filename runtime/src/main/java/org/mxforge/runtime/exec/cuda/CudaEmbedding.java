package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.EmbeddingTable;

/** BF16, [vocabulary][hidden]. */
record CudaEmbedding(DeviceBuffer table, int vocabulary, int hidden) implements EmbeddingTable {}
