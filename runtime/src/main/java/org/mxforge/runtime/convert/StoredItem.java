package org.mxforge.runtime.convert;

import java.util.List;
import java.util.function.Consumer;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;

/**
 * Tensors that go to the same file.
 *
 * @param tensors their names
 * @param bytes their size
 * @param writer adds them to a file
 */
record StoredItem(List<String> tensors, long bytes, Consumer<SafetensorsWriter> writer) {}
