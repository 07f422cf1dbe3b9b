package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.model.family.ModelConfig;

/** The one MLP that every token goes through. */
final class DenseFeedForward implements ResidualBlock {
    private final ModelConfig config;
    private final Backend backend;
    private final LinearInput.Step norm;
    private final LoadedSite input;
    private final LoadedSite output;

    DenseFeedForward(LayerLoader loader, FeedForwardBlock.Gated block) {
        config = loader.config();
        backend = loader.backend();
        norm = new LinearInput.Step.RmsNorm(loader.norm(block.norm()), config.epsilon());
        input = loader.site(block.input());
        output = loader.site(block.output());
    }

    @Override
    public void forward(ForwardPass pass) {
        try (Matrix gateAndUp = backend.activations(pass.rows(), 2 * config.intermediate() / backend.shards())) {
            input.project(norm, pass.residual(), gateAndUp);
            output.accumulate(new LinearInput.Step.SiluMul(), gateAndUp, pass.residual());
        }
    }
}
