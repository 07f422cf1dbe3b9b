package org.mxforge.runtime.exec.spi;

/** The experts of one layer on a {@link Backend}, which live as long as it. */
public interface Experts {
    /**
     * Sends each token to the experts with the best scores, of equal ones to the lower, and adds what they make of it:
     * {@code residual[i] += sum of share * down(silu(gate(y[i])) * up(y[i]))}, {@code y = step(x)}. Shares are the softmax over the scores of the
     * token's experts.
     *
     * @param step none, or a norm
     * @param x activations, [tokens][hidden]; a residual stream before a norm, which may be {@code residual}
     * @param scores the router's, FP32 [tokens][experts]
     * @param residual a residual stream, [tokens][hidden]
     */
    void accumulate(LinearInput.Step step, Matrix x, Matrix scores, Matrix residual);

    /**
     * The same of {@code residual} through {@code norm}, with the scores that {@link Backend#route} gives.
     *
     * @param backend that these experts are on
     * @param router a plain layer with an output for each expert
     */
    default void accumulate(Backend backend, LinearInput.Step.RmsNorm norm, Linear router, Matrix residual) {
        try (Matrix scores = backend.fp32(residual.rows(), router.outputs())) {
            backend.route(residual, norm.weight(), norm.epsilon(), router, scores);
            accumulate(norm, residual, scores, residual);
        }
    }

    /** Whether {@link #accumulate} may be part of a {@link Backend.RecordedStep}: whether it goes without reading values on the host. */
    boolean isRecordable();

    /** The weights of the experts of one layer, read when they are asked for: host memory need not hold them all. */
    interface Weights {
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
        Linear.Weight read(int expert, Part part);
    }
}
