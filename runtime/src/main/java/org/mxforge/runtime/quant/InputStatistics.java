package org.mxforge.runtime.quant;

/** What calibration gathered about the input of a linear site for an algorithm; see {@link WeightQuantizer#needs}. */
public sealed interface InputStatistics {
    /** How much an algorithm wants to know. */
    enum Kind {
        NONE,
        /** A few numbers for each channel. */
        CHANNEL,
        /** How each two channels go together: memory grows with the square of the channels. */
        HESSIAN
    }

    Kind kind();

    /** Nothing. */
    record None() implements InputStatistics {
        @Override
        public Kind kind() {
            return Kind.NONE;
        }
    }

    /**
     * Sizes of the channels, in the order of the checkpoint.
     *
     * @param rows tokens seen; 0 when none reached the site
     * @param meanAbs mean of |x| over them, [channels]
     * @param maxAbs largest |x| among them, [channels]
     */
    record Channel(long rows, double[] meanAbs, float[] maxAbs) implements InputStatistics {
        @Override
        public Kind kind() {
            return Kind.CHANNEL;
        }
    }

    /**
     * The Hessian of a layer's squared output error, up to a factor: X'X / rows.
     *
     * @param rows tokens seen; 0 when none reached the site
     * @param mean mean of x[i] * x[j] over them, [channels][channels], row-major, symmetric
     */
    record Hessian(long rows, double[] mean) implements InputStatistics {
        @Override
        public Kind kind() {
            return Kind.HESSIAN;
        }
    }
}
