package org.mxforge.runtime;

import java.nio.file.Path;
import java.util.Optional;
import org.mxforge.runtime.quant.Recipe;

/**
 * What {@link ModelFolder#importForeign} wrote.
 *
 * @param folder where it is
 * @param recipe how its quantized layers are stored
 * @param bytes of its tensors
 * @param obstacle what of its model does not run here, in a sentence; empty where {@link ModelFolder#open} takes it
 */
public record ImportedCheckpoint(Path folder, Recipe recipe, long bytes, Optional<String> obstacle) {}
