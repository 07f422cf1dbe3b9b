package org.mxforge.runtime.model;

import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.backend.Linear;

/** Where the linear layers of a decoder come from: a plain checkpoint, or a quantized one. */
@FunctionalInterface
public interface LinearWeights {
    /**
     * Brings a layer onto {@code backend}.
     *
     * @throws org.mxforge.runtime.MxForgeException naming the tensor that is missing, misshapen or damaged
     */
    Linear load(LinearLayer layer, Backend backend);
}
