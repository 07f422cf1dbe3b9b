package org.mxforge.runtime.model;

import org.mxforge.runtime.quant.LinearSite;

/** Sees the plain inputs of a decoder's linear sites while it runs, for calibration. */
@FunctionalInterface
public interface ActivationObserver {
    /**
     * Called once for each site and chunk of tokens; the output of an expert that gets no token is left out.
     *
     * @param site a {@link LinearSite} name
     * @param values [rows][channels], row-major, after the norm or the gate; not kept by the decoder
     */
    void observe(String site, float[] values, int rows, int channels);
}
