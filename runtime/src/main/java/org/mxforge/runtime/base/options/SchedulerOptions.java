package org.mxforge.runtime.base.options;

import org.mxforge.runtime.base.MxForgeException;

/**
 * How many requests a model answers together: {@link #defaults()}, changed by the {@code with} methods.
 *
 * @param sequences most requests that are read or written at a time; others wait
 * @param context most tokens of a request, those of its prompt and those that it may get; as many as the model takes where that is less
 * @param cacheTokens tokens whose keys and values have memory, of all requests together, at least {@code context}; rounded up to whole
 *     contexts
 * @param stepTokens most tokens of a step: one of each request that is written, then those of prompts; at least {@code sequences}. More
 *     read prompts faster, and let those that are written wait longer for a token
 * @param queue most requests that wait; more are refused
 */
public record SchedulerOptions(int sequences, int context, int cacheTokens, int stepTokens, int queue) {
    /** More would be no work for one device; as many still have indexes. */
    private static final int MOST_CACHE_TOKENS = 1 << 30;

    private static final int MOST_STEP_TOKENS = 1 << 16;

    public SchedulerOptions {
        atLeast(1, sequences, "sequences of a scheduler");
        atLeast(2, context, "tokens of a request");
        atLeast(
                context,
                cacheTokens,
                "tokens in a scheduler's cache, which has one request of " + context + " at least,");
        atLeast(sequences, stepTokens, "tokens of a step, which gives " + sequences + " sequences one,");
        atLeast(1, queue, "requests that may wait");
        atMost(MOST_CACHE_TOKENS, cacheTokens, "tokens in a scheduler's cache");
        atMost(MOST_STEP_TOKENS, stepTokens, "tokens of a step");
    }

    /** 32 requests of at most 2,048 tokens, 16,384 of all together; 512 tokens a step; 1,024 requests may wait. */
    public static SchedulerOptions defaults() {
        return new SchedulerOptions(32, 2048, 16_384, 512, 1024);
    }

    public SchedulerOptions withSequences(int sequences) {
        return new SchedulerOptions(sequences, context, cacheTokens, stepTokens, queue);
    }

    /** Memory for {@code cacheTokens} tokens, at most {@code context} of a request. */
    public SchedulerOptions withCache(int context, int cacheTokens) {
        return new SchedulerOptions(sequences, context, cacheTokens, stepTokens, queue);
    }

    public SchedulerOptions withStepTokens(int stepTokens) {
        return new SchedulerOptions(sequences, context, cacheTokens, stepTokens, queue);
    }

    public SchedulerOptions withQueue(int queue) {
        return new SchedulerOptions(sequences, context, cacheTokens, stepTokens, queue);
    }

    private static void atLeast(int least, int number, String what) {
        if (number < least) {
            throw new MxForgeException("the number of " + what + " is " + number + ": give " + least + " or more");
        }
    }

    private static void atMost(int most, int number, String what) {
        if (number > most) {
            throw new MxForgeException("the number of " + what + " is " + number + ": give " + most + " at most");
        }
    }
}
