package org.mxforge.runtime.model;

import java.util.Optional;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.DecoderLayer.AttentionBlock;
import org.mxforge.runtime.model.family.ModelConfig;

/** Causal self-attention with rotary positions and grouped key and value heads. */
final class Attention implements ResidualBlock {
    private final ModelConfig config;
    private final Backend backend;
    private final int layer;
    private final LinearInput.Step norm;
    private final LoadedSite input;
    private final Optional<HeadNorms> headNorms;
    private final int window;
    private final LoadedSite output;

    Attention(LayerLoader loader, int layer, AttentionBlock block) {
        this.config = loader.config();
        this.backend = loader.backend();
        this.layer = layer;
        this.norm = loader.normBefore(block.norm());
        this.input = loader.site(block.input());
        this.headNorms = block.headNorms()
                .map(names -> new HeadNorms(
                        loader.norm(names.queries(), config.head()),
                        loader.norm(names.keys(), config.head()),
                        config.epsilon()));
        this.window = block.window().orElse(Integer.MAX_VALUE);
        this.output = loader.site(block.output());
    }

    @Override
    public void forward(ForwardPass pass) {
        int width = config.queryWidth() / backend.shards();
        try (Matrix queries = backend.activations(pass.rows(), width);
                Matrix attended = backend.activations(pass.rows(), width)) {
            project(pass, queries);
            backend.attention(queries, config.heads() / backend.shards(), pass.batch(), layer, window, attended);
            output.accumulate(new LinearInput.Step.None(), attended, pass.residual());
        }
    }

    /** Appends keys and values to the cache, and leaves the queries. */
    private void project(ForwardPass pass, Matrix queries) {
        int width = (config.queryWidth() + 2 * config.keyWidth()) / backend.shards();
        try (Matrix projected = backend.fp32(pass.rows(), width)) {
            input.project(norm, pass.residual(), projected);
            backend.append(pass.batch(), layer, pass.rope(), projected, headNorms, queries);
        }
    }
}
