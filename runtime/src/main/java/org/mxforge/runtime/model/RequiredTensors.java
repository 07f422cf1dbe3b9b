package org.mxforge.runtime.model;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.DecoderLayer.AttentionBlock;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/**
 * The tensors that a decoder reads, looked up in the headers before anything is loaded or written. What a checkpoint has besides is
 * nobody's concern.
 *
 * @param quantized whether the layers that recipes quantize are stored packed; the reader of these checks them
 */
record RequiredTensors(ModelConfig config, TensorStore store, boolean quantized) {
    /**
     * Looks for all of them.
     *
     * @throws MxForgeException naming the first that is missing, misshapen or of a type that weights cannot have
     */
    void check() {
        weight(config.embedding(), config.vocabulary(), config.hidden());
        config.decoderLayers().forEach(this::layer);
        weight(config.norm(), config.hidden());
        weight(config.outputHead(), config.vocabulary(), config.hidden());
    }

    private void layer(DecoderLayer layer) {
        AttentionBlock attention = layer.attention();
        norm(attention.norm());
        site(attention.input());
        attention.headNorms().ifPresent(norms -> {
            weight(norms.queries(), config.head());
            weight(norms.keys(), config.head());
        });
        site(attention.output());
        norm(layer.feedForward().norm());
        layer.feedForward().map(gated -> null, routed -> {
            linear(routed.router(), false);
            return null;
        });
        layer.feedForward().sites().forEach(this::site);
    }

    private void norm(String name) {
        weight(name, config.hidden());
        if (store.has(name + ModelConfig.CENTRE)) {
            store.requireWeight(name + ModelConfig.CENTRE, config.hidden());
        }
    }

    private void site(LinearSite site) {
        site.layers().forEach(layer -> linear(layer, quantized));
    }

    private void linear(LinearLayer layer, boolean packed) {
        if (!packed) {
            weight(layer.name(), layer.outputs(), layer.channels());
        }
        if (layer.bias()) {
            store.requireWeight(layer.name() + ".bias", layer.outputs());
        }
    }

    private void weight(String name, long... shape) {
        store.requireWeight(name + ".weight", shape);
    }
}
