package org.mxforge.runtime;

import java.time.Duration;
import java.util.OptionalDouble;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.model.Generator;

/**
 * What a model wrote after a prompt.
 *
 * @param ids its tokens, without one that ends a text; with those of a text that stopped it
 * @param text what they add to the prompt: the pieces that a listener was told, together; empty where it was told tokens
 * @param end why it wrote no more
 * @param timing how long that took
 */
public record Generation(int[] ids, String text, End end, Timing timing) {
    /** Why a text ends. */
    public enum End {
        /** The model ended it. */
        TEXT,
        /** One of {@link GenerationOptions#stops} came. */
        STOP,
        /** It has as many tokens as were asked for. */
        LENGTH,
        /** The model's context is full. */
        CONTEXT;

        /** Why {@code text}, of {@code generated} tokens after {@code prompt}, ended in a context of {@code positions}. */
        static End of(WrittenText text, int prompt, int generated, GenerationOptions options, int positions) {
            if (text.isStopped()) {
                return STOP;
            }
            if (generated == options.maxTokens()) {
                return LENGTH;
            }
            return prompt + generated == positions ? CONTEXT : TEXT;
        }
    }

    static Generation of(Generator.Written written, int promptTokens, String text, End end) {
        Timing timing = new Timing(
                promptTokens,
                Duration.ofNanos(written.firstNanos()),
                written.steps(),
                Duration.ofNanos(written.stepNanos()));
        return new Generation(written.ids(), text, end, timing);
    }

    /**
     * How long a generation took, by a clock that only goes forward. What a listener did with the text is left out; the time in which a
     * {@link Request} waited for others is not.
     *
     * @param promptTokens tokens before the text
     * @param firstToken from the prompt, or the submission of a request, to the first token, which is sampled from the prompt
     * @param steps tokens that were sampled after the first, one that ends the text among them
     * @param writing the time of these steps
     */
    public record Timing(int promptTokens, Duration firstToken, int steps, Duration writing) {
        /** Tokens of the prompt that were read in a second. */
        public double promptTokensPerSecond() {
            return rate(promptTokens, firstToken);
        }

        /** Tokens that were written in a second, after the first; empty where there was none. */
        public OptionalDouble writingTokensPerSecond() {
            return steps == 0 ? OptionalDouble.empty() : OptionalDouble.of(rate(steps, writing));
        }

        private static double rate(int tokens, Duration time) {
            // A clock may stand still between two readings.
            return tokens * 1e9 / Math.max(1, time.toNanos());
        }
    }
}
