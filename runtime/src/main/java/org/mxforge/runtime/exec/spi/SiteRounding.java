package org.mxforge.runtime.exec.spi;

import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * Rounds the weight of a site in the light of its input: GPTQ, and asymmetric GPTQ where it was also told what the plain model has there. In
 * binary64, wherever it is done; sums of other order may differ in their last bits, and a code that lies between two then, too. Not safe for
 * concurrent use.
 */
public interface SiteRounding extends AutoCloseable {
    /** Takes in tokens of the plain model, to which those of {@link #add} are compared in the same order; it may be closed then. */
    void plain(LinearInput input);

    /**
     * Takes in tokens of the quantized model, before they are quantized.
     *
     * @throws IllegalStateException if the plain model was asked for others
     */
    void add(LinearInput input);

    /**
     * The weight rounded; empty where no token came or all were zeros, which say nothing.
     *
     * @param weight of all layers of the site, [outputs][channels] in the order of the input's split
     * @throws MxForgeException naming the site, if an input was not finite
     */
    Optional<Rounded> round(float[] weight);

    @Override
    void close();

    /**
     * A weight that was rounded.
     *
     * @param damped how often sums of products had to be damped more than usual, to be positive definite
     */
    record Rounded(PackedMatrix weight, int damped) {}

    /** Why {@code site} cannot be calibrated. */
    static MxForgeException notFinite(String site) {
        return new MxForgeException("the input of " + site + " holds a NaN or an infinity during"
                + " calibration: check the checkpoint's weights");
    }
}
