package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Experts;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;

/** The experts of one decoder layer as a checkpoint has them. */
record CheckpointExperts(FeedForwardBlock.Routed block, Checkpoint checkpoint) implements Experts.Weights {
    @Override
    public int experts() {
        return block.experts();
    }

    @Override
    public Linear.Weight read(int expert, Part part) {
        return checkpoint.weight(
                switch (part) {
                    case GATE -> block.gate(expert);
                    case UP -> block.up(expert);
                    case DOWN -> block.down(expert);
                });
    }
}
