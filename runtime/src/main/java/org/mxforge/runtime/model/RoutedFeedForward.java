package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/** Mixtral's experts: a router sends each token to a few of them. */
final class RoutedFeedForward implements Block {
    private final ModelConfig config;
    private final Backend backend;
    private final Vector norm;
    private final Linear router;
    private final LinearSite input;
    private final ActivationObserver observer;
    private final Experts experts;

    RoutedFeedForward(LayerLoader loader, int layer) {
        config = loader.config();
        backend = loader.backend();
        observer = loader.observer();
        input = DecoderSites.expertInput(config, layer);
        String prefix = DecoderSites.prefix(layer);
        norm = loader.norm(prefix + "post_attention_layernorm");
        router = loader.plain(
                new LinearLayer(prefix + "block_sparse_moe.gate", config.experts(), config.hidden(), false));
        experts = experts(new CheckpointExperts(config, layer, loader.linears()));
    }

    private Experts experts(CheckpointExperts weights) {
        if (observer == null) {
            return backend.experts(weights, config.expertsPerToken());
        }
        return new SeparateExperts(backend, weights, config.expertsPerToken(), (expert, x) -> {
            LinearSite output = DecoderSites.expertOutput(config, weights.layer(), expert);
            observer.observe(output.name(), backend.download(x), x.rows(), x.channels());
        });
    }

    @Override
    public boolean isRecordable() {
        return experts.isRecordable();
    }

    @Override
    public void forward(ForwardPass pass) {
        try (Matrix x = backend.activations(pass.rows(), config.hidden());
                Matrix scores = backend.fp32(pass.rows(), config.experts())) {
            backend.rmsNorm(pass.residual(), norm, config.epsilon(), x);
            backend.route(pass.residual(), norm, config.epsilon(), router, scores);
            if (observer != null) {
                observer.observe(input.name(), backend.download(x), x.rows(), x.columns());
            }
            experts.accumulate(x, scores, pass.residual());
        }
    }
}
