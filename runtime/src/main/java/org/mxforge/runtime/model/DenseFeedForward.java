package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;

/** The one MLP that every token goes through. */
final class DenseFeedForward implements ResidualBlock {
    private final LinearInput.Step norm;
    private final GatedMlp mlp;

    DenseFeedForward(LayerLoader loader, FeedForwardBlock.Gated block) {
        norm = new LinearInput.Step.RmsNorm(
                loader.norm(block.norm()), loader.config().epsilon());
        mlp = new GatedMlp(loader.site(block.input()), loader.site(block.output()));
    }

    @Override
    public void forward(ForwardPass pass) {
        mlp.expand(norm, pass.residual(), pass.workspace());
        mlp.accumulate(pass.workspace(), pass.residual());
    }
}
