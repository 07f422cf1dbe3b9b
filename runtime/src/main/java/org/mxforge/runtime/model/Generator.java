package org.mxforge.runtime.model;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * Continues a text token by token.
 *
 * @param decoder the model; used by this generator alone while it runs
 */
public record Generator(Decoder decoder) {
    /**
     * The tokens after {@code prompt}: at most as many as asked for, fewer when the model ends the text (its end token is not
     * returned) or its context is full.
     *
     * @param listener told each token as soon as it is known
     * @throws MxForgeException when the prompt is empty or leaves no room in the model's context, or logits are not finite
     */
    public int[] generate(int[] prompt, GenerationOptions options, IntConsumer listener) {
        ModelConfig config = decoder.config();
        check(config, prompt);
        int most = Math.min(options.maxTokens(), config.maxPositions() - prompt.length);
        SplittableRandom random = new SplittableRandom(options.seed());
        int[] generated = new int[most];
        int count = 0;
        try (KvCache cache = decoder.newCache(1, prompt.length + most);
                KvCache.Sequence text = cache.open();
                DecodeSteps steps = new DecodeSteps(decoder, cache, 1)) {
            int next = decoder.sample(text, prompt, choice(options, random));
            require(next, prompt);
            while (!config.endTokens().contains(next)) {
                generated[count++] = next;
                listener.accept(next);
                if (count == most) {
                    break;
                }
                next = steps.next(List.of(new Batch.Part(text, new int[] {next}, 1, choice(options, random))))[0];
                require(next, prompt, Arrays.copyOf(generated, count));
            }
        }
        return Arrays.copyOf(generated, count);
    }

    /**
     * Refuses a prompt that cannot be continued, before a model is loaded for it.
     *
     * @throws MxForgeException when it is empty, has a token that is none of the model's, or leaves no room in its context
     */
    public static void check(ModelConfig config, int[] prompt) {
        if (prompt.length == 0) {
            throw new MxForgeException("the prompt has no token: give a text that is not empty");
        }
        if (prompt.length >= config.maxPositions()) {
            throw new MxForgeException("the prompt has " + prompt.length + " tokens, but the model takes "
                    + config.maxPositions() + " with at least one to be generated: shorten the prompt");
        }
        config.checkTokens(prompt);
    }

    /** Makes sure that a token could be sampled after the tokens of {@code texts}. */
    private void require(int next, int[]... texts) {
        if (next == Batch.NONE) {
            throw decoder.notFinite(
                    Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray());
        }
    }

    private static Batch.Choice choice(GenerationOptions options, SplittableRandom random) {
        return options.temperature() == 0
                ? Batch.Choice.GREEDY
                : new Batch.Choice(options.temperature(), options.topP(), uniform(random));
    }

    /** In [0, 1): 24 bits, all that a float holds exactly. */
    private static float uniform(SplittableRandom random) {
        return (random.nextInt() >>> 8) * 0x1p-24f;
    }
}
