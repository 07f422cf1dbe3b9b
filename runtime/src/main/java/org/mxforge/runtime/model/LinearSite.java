package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;

/**
 * An input that one or more linear layers read; what calibration looks at and quantization reorders.
 *
 * @param name such as {@code model.layers.0.self_attn.qkv}
 * @param layers the layers that read it, all with the same channels
 */
public record LinearSite(String name, List<LinearLayer> layers) {
    public LinearSite {
        layers = List.copyOf(layers);
    }

    /** Width of the input. */
    public int channels() {
        return layers.get(0).channels();
    }

    /** The sites of all decoder layers in the order of the forward pass; router and output head are none. */
    static List<LinearSite> all(ModelConfig config) {
        List<LinearSite> sites = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            sites.add(attentionInput(config, layer));
            sites.add(attentionOutput(config, layer));
            for (int expert = 0; expert < config.experts(); expert++) {
                sites.add(expertInput(config, layer, expert));
                sites.add(expertOutput(config, layer, expert));
            }
            if (config.experts() == 0) {
                sites.add(mlpInput(config, layer));
                sites.add(mlpOutput(config, layer));
            }
        }
        return List.copyOf(sites);
    }

    static LinearSite attentionInput(ModelConfig config, int layer) {
        String prefix = prefix(layer) + "self_attn.";
        return new LinearSite(
                prefix + "qkv",
                List.of(
                        new LinearLayer(prefix + "q_proj", config.queryWidth(), config.hidden(), config.qkvBias()),
                        new LinearLayer(prefix + "k_proj", config.keyWidth(), config.hidden(), config.qkvBias()),
                        new LinearLayer(prefix + "v_proj", config.keyWidth(), config.hidden(), config.qkvBias())));
    }

    static LinearSite attentionOutput(ModelConfig config, int layer) {
        String prefix = prefix(layer) + "self_attn.";
        return new LinearSite(
                prefix + "o",
                List.of(new LinearLayer(prefix + "o_proj", config.hidden(), config.queryWidth(), config.outputBias())));
    }

    static LinearSite mlpInput(ModelConfig config, int layer) {
        String prefix = prefix(layer) + "mlp.";
        return new LinearSite(
                prefix + "gate_up",
                List.of(
                        new LinearLayer(prefix + "gate_proj", config.intermediate(), config.hidden(), config.mlpBias()),
                        new LinearLayer(prefix + "up_proj", config.intermediate(), config.hidden(), config.mlpBias())));
    }

    static LinearSite mlpOutput(ModelConfig config, int layer) {
        String prefix = prefix(layer) + "mlp.";
        return new LinearSite(
                prefix + "down",
                List.of(new LinearLayer(
                        prefix + "down_proj", config.hidden(), config.intermediate(), config.mlpBias())));
    }

    static LinearSite expertInput(ModelConfig config, int layer, int expert) {
        String prefix = expertPrefix(layer, expert);
        return new LinearSite(
                prefix + "w1_w3",
                List.of(
                        new LinearLayer(prefix + "w1", config.intermediate(), config.hidden(), false),
                        new LinearLayer(prefix + "w3", config.intermediate(), config.hidden(), false)));
    }

    static LinearSite expertOutput(ModelConfig config, int layer, int expert) {
        String name = expertPrefix(layer, expert) + "w2";
        return new LinearSite(name, List.of(new LinearLayer(name, config.hidden(), config.intermediate(), false)));
    }

    static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }

    private static String expertPrefix(int layer, int expert) {
        return prefix(layer) + "block_sparse_moe.experts." + expert + ".";
    }
}
