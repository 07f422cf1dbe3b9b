package org.mxforge.runtime.eval;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * Perplexity over non-overlapping windows from the start of a text, as it is usual for WikiText: each window is a context of
 * its own, all its tokens but the first are scored, a last incomplete window is left out.
 *
 * @param window tokens a window, at least 2
 * @param windows most windows to score, at least 1
 */
public record Perplexity(int window, int windows) {
    public Perplexity {
        if (window < 2 || windows < 1) {
            throw new MxForgeException("perplexity needs windows of 2 or more tokens and at least 1 of them, not "
                    + windows + " of " + window);
        }
    }

    /** How many windows of {@code tokens} tokens would be scored. */
    public int windowsOf(int tokens) {
        return Math.min(windows, tokens / window);
    }

    /**
     * Refuses a text that cannot be scored so, before a model is loaded for it.
     *
     * @param tokens of the text
     * @throws MxForgeException when there is not one whole window, or the model does not take one as long
     */
    public void check(ModelConfig config, int tokens) {
        if (windowsOf(tokens) == 0) {
            throw new MxForgeException("the text has " + tokens + " tokens, less than one window of " + window
                    + ": give a longer text or a smaller window");
        }
        config.checkContext(window);
    }

    /**
     * Scores {@code ids}, the tokens of a whole text.
     *
     * @param progress told how many tokens are done after each window
     * @return the mean negative log likelihood of a scored token, in nats; perplexity is {@code exp} of it
     * @throws MxForgeException when there is not one whole window, or the model does not take one as long
     */
    public double meanNll(Decoder decoder, int[] ids, LongConsumer progress) {
        check(decoder.config(), ids.length);
        int count = windowsOf(ids.length);
        double sum = 0;
        try (KvCache cache = decoder.newCache(1, window)) {
            for (int i = 0; i < count; i++) {
                sum += nll(decoder, cache, Arrays.copyOfRange(ids, i * window, (i + 1) * window));
                progress.accept((long) (i + 1) * window);
            }
        }
        double mean = sum / scored(ids.length);
        if (Double.isInfinite(Math.exp(mean))) {
            throw new MxForgeException("the mean negative log likelihood is " + mean
                    + " nats, whose perplexity is too large for a number: the weights are damaged, or the tokenizer is"
                    + " another model's");
        }
        return mean;
    }

    /** How many of {@code tokens} tokens would be scored. */
    public long scored(int tokens) {
        return (long) windowsOf(tokens) * (window - 1);
    }

    private static double nll(Decoder decoder, KvCache cache, int[] ids) {
        int[] context = Arrays.copyOf(ids, ids.length - 1);
        double sum = 0;
        try (KvCache.Sequence text = cache.open()) {
            for (float nll : decoder.nll(text, context, Arrays.copyOfRange(ids, 1, ids.length))) {
                if (!Float.isFinite(nll)) {
                    throw decoder.notFinite(context);
                }
                sum += nll;
            }
        }
        return sum;
    }
}
