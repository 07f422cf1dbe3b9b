package org.mxforge.runtime.model;

import java.util.Optional;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Vector;
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

    /** The weights of the norms on each head. */
    private record HeadNorms(Vector queries, Vector keys) {}

    Attention(LayerLoader loader, int layer, AttentionBlock block) {
        this.config = loader.config();
        this.backend = loader.backend();
        this.layer = layer;
        this.norm = new LinearInput.Step.RmsNorm(loader.norm(block.norm()), config.epsilon());
        this.input = loader.site(block.input());
        this.headNorms = block.headNorms()
                .map(names -> new HeadNorms(
                        loader.norm(names.queries(), config.head()), loader.norm(names.keys(), config.head())));
        this.window = block.window().orElse(Integer.MAX_VALUE);
        this.output = loader.site(block.output());
    }

    @Override
    public void forward(ForwardPass pass) {
        Matrix queries = pass.workspace().queries(pass.rows());
        Matrix values = pass.workspace().values(pass.rows());
        Matrix attended = pass.workspace().attended(pass.rows());
        Matrix unrotatedQueries = pass.workspace().unrotatedQueries(pass.rows());
        Matrix unrotatedKeys = pass.workspace().unrotatedKeys(pass.rows());
        input.project(norm, pass.residual(), unrotatedQueries, unrotatedKeys, values);
        headNorms.ifPresent(weights -> {
            backend.headNorm(unrotatedQueries, config.heads(), weights.queries(), config.epsilon());
            backend.headNorm(unrotatedKeys, config.kvHeads(), weights.keys(), config.epsilon());
        });
        backend.rope(unrotatedQueries, config.heads(), pass.rope(), pass.batch(), queries);
        backend.append(pass.batch(), layer, pass.rope(), unrotatedKeys, values);
        backend.attention(queries, config.heads(), pass.batch(), layer, window, attended);
        output.accumulate(new LinearInput.Step.None(), attended, pass.residual());
    }
}
