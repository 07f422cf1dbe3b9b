package org.mxforge.runtime.cuda.backend;

import org.mxforge.runtime.backend.EmbeddingTable;
import org.mxforge.runtime.cuda.DeviceBuffer;

/** BF16, [vocabulary][hidden]. */
record CudaEmbedding(DeviceBuffer table, int vocabulary, int hidden) implements EmbeddingTable {}
