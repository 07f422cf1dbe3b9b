package org.mxforge.runtime.checkpoint.safetensors;

import java.util.Map;

/**
 * A header that passed every check.
 *
 * @param tensors by name, in order of their data
 * @param metadata free texts
 * @param dataStart offset of the data in the file
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata, long dataStart) {}
