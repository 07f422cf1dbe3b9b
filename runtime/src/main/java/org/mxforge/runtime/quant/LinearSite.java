package org.mxforge.runtime.quant;

import java.util.List;

/**
 * An input that one or more linear layers read; what calibration looks at and quantization reorders.
 *
 * @param name such as {@code model.layers.0.self_attn.qkv}
 * @param layers the layers that read it, all with the same channels
 * @param sizing sites of one sizing have parts of the same sizes, each in an order of its own; most are alone in theirs
 */
public record LinearSite(String name, List<LinearLayer> layers, String sizing) {
    public LinearSite {
        layers = List.copyOf(layers);
    }

    /** A site whose parts are cut as it alone wants them. */
    public LinearSite(String name, List<LinearLayer> layers) {
        this(name, layers, name);
    }

    /** Width of the input. */
    public int channels() {
        return layers.get(0).channels();
    }
}
