package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.Workload;
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
     * What was written, and how long that took by {@link System#nanoTime}, without what the listener did.
     *
     * @param ids the tokens, without one that ends the text
     * @param firstNanos until the first token was known, in nanoseconds
     * @param steps tokens that were sampled after the first, one that ends the text among them
     * @param stepNanos time of these steps
     */
    public record Written(int[] ids, long firstNanos, int steps, long stepNanos) {}

    /**
     * The tokens after {@code prompt}: at most as many as asked for, fewer when the model ends the text (its end token is not
     * returned), its context is full, or the listener wants no more.
     *
     * @param listener told each token as soon as it is known; says whether to go on
     * @throws MxForgeException when the prompt is empty or leaves no room in the model's context, or logits are not finite
     */
    public Written generate(int[] prompt, GenerationOptions options, IntPredicate listener) {
        ModelConfig config = decoder.config();
        check(config, prompt);
        int most = Math.min(options.maxTokens(), config.maxPositions() - prompt.length);
        SplittableRandom random = new SplittableRandom(options.seed());
        int[] generated = new int[most];
        int count = 0;
        int sampled = 0;
        long stepNanos = 0;
        long firstNanos;
        long start = System.nanoTime();
        try (KvCache cache = decoder.newCache(1, prompt.length + most);
                KvCache.Sequence text = cache.open();
                DecodeSteps steps = new DecodeSteps(decoder, cache, 1)) {
            int next = decoder.sample(text, prompt, choice(options, random));
            firstNanos = System.nanoTime() - start;
            require(next, prompt);
            while (!config.endTokens().contains(next)) {
                generated[count++] = next;
                if (!listener.test(next) || count == most) {
                    break;
                }
                start = System.nanoTime();
                next = steps.next(List.of(new Batch.Part(text, new int[] {next}, 1, choice(options, random))))[0];
                stepNanos += System.nanoTime() - start;
                sampled++;
                require(next, prompt, Arrays.copyOf(generated, count));
            }
        }
        return new Written(Arrays.copyOf(generated, count), firstNanos, sampled, stepNanos);
    }

    /**
     * The nanoseconds of one run of a workload.
     *
     * @param prefillNanos until the first tokens of all sequences were known
     * @param decodeNanos all steps after that
     */
    public record Pass(long prefillNanos, long decodeNanos) {}

    /**
     * What timing a workload gave.
     *
     * @param passes the runs after the warm-up
     * @param memory the most device memory that this program had taken after a part of a run, in bytes, where that is known
     * @param prefill when the kernels of one prefill ran, in a run after those
     * @param step the same of one step
     */
    public record Timed(List<Pass> passes, OptionalLong memory, Trace prefill, Trace step) {}

    /**
     * Times {@code load} on random tokens, greedily and past tokens that would end a text.
     *
     * @param done called after every run, those of the warm-up too
     * @throws MxForgeException when its sequences do not fit into the model's context or the device's memory, or logits are not finite
     */
    public Timed time(Workload load, Runnable done) {
        load.checkFits(decoder.config().maxPositions());
        List<Pass> passes = new ArrayList<>();
        try (KvCache cache = decoder.newCache(load.batch(), load.prefill() + load.decode());
                Batch prompts = decoder.newBatch(
                        cache, Math.min(Decoder.MAX_ROWS, load.batch() * load.prefill()), load.batch());
                DecodeSteps steps = new DecodeSteps(decoder, cache, load.batch())) {
            WorkloadRun run = new WorkloadRun(decoder, load, cache, prompts, steps);
            for (int i = 0; i < load.warmUps() + load.repeats(); i++) {
                passes.add(run.pass());
                done.run();
            }
            OptionalLong memory = run.mostMemory();
            WorkloadRun.Traces traces = run.trace();
            return new Timed(passes.subList(load.warmUps(), passes.size()), memory, traces.prefill(), traces.step());
        }
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

    /** How the next token is chosen; takes a random number unless that is the most likely one. */
    static Batch.Choice choice(GenerationOptions options, SplittableRandom random) {
        return options.temperature() == 0
                ? Batch.Choice.GREEDY
                : new Batch.Choice(options.temperature(), options.topP(), uniform(random));
    }

    /** In [0, 1): 24 bits, all that a float holds exactly. */
    private static float uniform(SplittableRandom random) {
        return (random.nextInt() >>> 8) * 0x1p-24f;
    }
}
