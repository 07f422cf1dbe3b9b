package org.mxforge.runtime.exec.spi;

import java.util.Optional;
import org.mxforge.runtime.quant.InputQuantization;

/** A linear layer's weight and bias on a {@link Backend}, [outputs][channels]; lives as long as its backend. */
public interface Linear {
    int outputs();

    int channels();

    /** How the layer wants its input; empty when it multiplies plain activations. */
    Optional<InputQuantization> input();
}
