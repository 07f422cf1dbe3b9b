package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.model.family.ModelConfig;

/** Experts: a router sends each token to a few of them. */
final class RoutedFeedForward implements ResidualBlock {
    private final ModelConfig config;
    private final Backend backend;
    private final Vector norm;
    private final Linear router;
    private final FeedForwardBlock.Routed block;
    private final Decoder.ActivationObserver observer;
    private final Experts experts;

    RoutedFeedForward(LayerLoader loader, FeedForwardBlock.Routed block) {
        this.block = block;
        config = loader.config();
        backend = loader.backend();
        observer = loader.observer();
        norm = loader.norm(block.norm());
        router = loader.plain(block.router());
        experts = experts(new CheckpointExperts(block, loader.checkpoint()));
    }

    private Experts experts(CheckpointExperts weights) {
        if (observer == null) {
            return backend.experts(weights, block.perToken());
        }
        return new SeparateExperts(backend, weights, block.perToken(), (expert, x) -> {
            String site = block.outputs().get(expert).name();
            if (observer.wants(site)) {
                observer.observe(site, x, backend);
            }
        });
    }

    @Override
    public boolean isRecordable() {
        return experts.isRecordable();
    }

    @Override
    public void forward(ForwardPass pass) {
        if (observer != null && observer.wants(block.input().name())) {
            observe(pass);
        }
        experts.accumulate(backend, new LinearInput.Step.RmsNorm(norm, config.epsilon()), router, pass.residual());
    }

    private void observe(ForwardPass pass) {
        try (Matrix x = backend.activations(pass.rows(), config.hidden())) {
            backend.rmsNorm(pass.residual(), norm, config.epsilon(), x);
            try (LinearInput input = backend.input(router, new LinearInput.Step.None(), x)) {
                observer.observe(block.input().name(), input, backend);
            }
        }
    }
}
