package org.mxforge.runtime.demo;

import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.quant.Recipe;

/**
 * The bundled model, quantized by one recipe and loaded.
 *
 * @param recipe how it was quantized
 * @param size what its tensors take
 * @param decoder the model
 */
public record DemoModel(Recipe recipe, CheckpointSize size, Decoder decoder) implements AutoCloseable {
    @Override
    public void close() {
        decoder.close();
    }
}
