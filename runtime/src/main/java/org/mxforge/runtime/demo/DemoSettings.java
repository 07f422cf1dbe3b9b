package org.mxforge.runtime.demo;

import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.eval.Perplexity;

/**
 * How much the demo does.
 *
 * @param scoring windows of the bundled text that are scored
 * @param generation how the prompt is continued
 */
public record DemoSettings(Perplexity scoring, GenerationOptions generation) {
    /** What every recipe continues. */
    public static final String PROMPT = "The history of the Roman Empire is";
}
