package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.ExpertWeights;
import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.quant.LinearLayer;

/** The experts of one decoder layer as a checkpoint has them: w1 is the gate, w3 goes up and w2 down. */
record CheckpointExperts(ModelConfig config, int layer, LinearWeights linears) implements ExpertWeights {
    /** One of an expert's layers. */
    static LinearLayer layer(ModelConfig config, int layer, int expert, Part part) {
        String prefix = DecoderSites.expertPrefix(layer) + expert + ".";
        return switch (part) {
            case GATE -> new LinearLayer(prefix + "w1", config.intermediate(), config.hidden(), false);
            case UP -> new LinearLayer(prefix + "w3", config.intermediate(), config.hidden(), false);
            case DOWN -> new LinearLayer(prefix + "w2", config.hidden(), config.intermediate(), false);
        };
    }

    @Override
    public int experts() {
        return config.experts();
    }

    @Override
    public LinearWeight read(int expert, Part part) {
        return linears.weight(layer(config, layer, expert, part));
    }
}
