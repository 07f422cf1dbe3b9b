package org.mxforge.runtime.exec.spi;

/** The weights of the experts of one layer, read when they are asked for: host memory need not hold them all. */
public interface ExpertWeights {
    /** The three layers of an expert, {@code down(silu(gate(x)) * up(x))}. */
    enum Part {
        GATE,
        UP,
        DOWN
    }

    /** How many experts there are. */
    int experts();

    /**
     * Reads one weight: gate and up are [intermediate][hidden], down is [hidden][intermediate]; none has a bias.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the tensor that is missing, misshapen or damaged
     */
    LinearWeight read(int expert, Part part);
}
