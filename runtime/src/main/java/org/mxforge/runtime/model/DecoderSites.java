package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.runtime.exec.spi.ExpertWeights.Part;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/** The linear sites of a model and the names of their tensors. */
final class DecoderSites {
    private DecoderSites() {}

    /** The sites of all decoder layers in the order of the forward pass; router and output head are none. */
    static List<LinearSite> all(ModelConfig config) {
        List<LinearSite> sites = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            sites.add(attentionInput(config, layer));
            sites.add(attentionOutput(config, layer));
            if (config.experts() == 0) {
                sites.add(mlpInput(config, layer));
                sites.add(mlpOutput(config, layer));
            } else {
                sites.add(expertInput(config, layer));
                for (int expert = 0; expert < config.experts(); expert++) {
                    sites.add(expertOutput(config, layer, expert));
                }
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

    /** The one input of all experts of a layer. */
    static LinearSite expertInput(ModelConfig config, int layer) {
        return new LinearSite(
                expertPrefix(layer) + "w1_w3",
                IntStream.range(0, config.experts())
                        .boxed()
                        .flatMap(expert -> Stream.of(Part.GATE, Part.UP)
                                .map(part -> CheckpointExperts.layer(config, layer, expert, part)))
                        .toList());
    }

    /** What an expert makes of its tokens on their way; cut as those of the layer's other experts are. */
    static LinearSite expertOutput(ModelConfig config, int layer, int expert) {
        LinearLayer down = CheckpointExperts.layer(config, layer, expert, Part.DOWN);
        return new LinearSite(down.name(), List.of(down), expertPrefix(layer) + "w2");
    }

    static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }

    static String expertPrefix(int layer) {
        return prefix(layer) + "block_sparse_moe.experts.";
    }
}
