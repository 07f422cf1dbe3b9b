package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.InputStep;

/** The one MLP that every token goes through. */
final class DenseFeedForward implements Block {
    private final InputStep norm;
    private final GatedMlp mlp;

    DenseFeedForward(LayerLoader loader, int layer) {
        ModelConfig config = loader.config();
        norm = new InputStep.RmsNorm(
                loader.norm(DecoderSites.prefix(layer) + "post_attention_layernorm"), config.epsilon());
        mlp = new GatedMlp(
                loader.site(DecoderSites.mlpInput(config, layer)), loader.site(DecoderSites.mlpOutput(config, layer)));
    }

    @Override
    public void forward(ForwardPass pass) {
        mlp.expand(norm, pass.residual(), pass.workspace());
        mlp.accumulate(pass.workspace(), pass.residual());
    }
}
