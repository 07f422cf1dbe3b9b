package org.mxforge.runtime;

import org.mxforge.runtime.eval.Perplexity;

/**
 * How a text is scored: in windows from its beginning that do not overlap, each a context of its own in which all tokens but the
 * first are scored; a last incomplete window is left out.
 *
 * @param window tokens a window, at least 2
 * @param windows most windows to score, at least 1
 */
public record ScoringOptions(int window, int windows) {
    public ScoringOptions {
        new Perplexity(window, windows);
    }

    /** At most 40 windows of 512 tokens. */
    public static ScoringOptions defaults() {
        return new ScoringOptions(512, 40);
    }

    public ScoringOptions withWindow(int window) {
        return new ScoringOptions(window, windows);
    }

    public ScoringOptions withWindows(int windows) {
        return new ScoringOptions(window, windows);
    }

    /** The same in windows that a model of so many positions takes. */
    public ScoringOptions within(int positions) {
        return withWindow(Math.min(window, positions));
    }

    /** Windows of a text of so many tokens that are scored. */
    public int windowsOf(int tokens) {
        return perplexity().windowsOf(tokens);
    }

    Perplexity perplexity() {
        return new Perplexity(window, windows);
    }
}
