package org.mxforge.runtime.model;

import java.util.Optional;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Linear;
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
    /** What is left to do before down: nothing where gate and up are one product with what it makes of both. */
    private final LinearInput.Step step;

    private final LoadedSite output;

    DenseFeedForward(LayerLoader loader, FeedForwardBlock.Gated block) {
        config = loader.config();
        backend = loader.backend();
        norm = loader.normBefore(block.norm());
        Optional<Linear.Joined> gated = loader.gated(block.input());
        input = gated.map(layers -> loader.site(block.input(), layers)).orElseGet(() -> loader.site(block.input()));
        step = gated.isPresent() ? new LinearInput.Step.None() : new LinearInput.Step.SiluMul();
        output = loader.site(block.output());
    }

    @Override
    public void forward(ForwardPass pass) {
        int width = step.width(config.intermediate() / backend.shards());
        try (Matrix expanded = backend.activations(pass.rows(), width)) {
            input.project(norm, pass.residual(), expanded);
            output.accumulate(step, expanded, pass.residual());
        }
    }
}
