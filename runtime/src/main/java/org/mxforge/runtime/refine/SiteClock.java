package org.mxforge.runtime.refine;

import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;

/** Tells what the linear layers of a site take on some device. */
@FunctionalInterface
public interface SiteClock {
    /**
     * Milliseconds that it takes to quantize the input of {@code site} and to multiply it by all of its layers.
     *
     * @param input how it is quantized; in which order the channels are makes no difference
     * @param tokens how many at a time
     */
    double millis(LinearSite site, InputQuantization input, int tokens);
}
