package org.mxforge.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mxforge.runtime.base.CancelledException;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.model.ContinuousBatch;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Generator;

/**
 * A model whose weights are on an engine's device. Used by the thread of its {@link Engine}, and closed with it at the latest.
 * Long work ends with a {@link CancelledException} when the engine's progress listener cancels it.
 */
public final class Model implements AutoCloseable {
    private final Engine engine;
    private final ModelFolder folder;
    private final Decoder decoder;
    private final List<Scheduler> schedulers = new ArrayList<>();
    private boolean closed;

    Model(Engine engine, ModelFolder folder, Decoder decoder) {
        this.engine = engine;
        this.folder = folder;
        this.decoder = decoder;
    }

    /** Where it comes from. */
    public ModelFolder folder() {
        return folder;
    }

    /**
     * Runs {@code rows} tokens of a text without a meaning, so that a variant is chosen for every shape of kernel that this needs: looked
     * up, or searched for as the engine's options say, and compiled. Reading as many tokens is at full speed then.
     *
     * @param rows tokens at a time, at least 1 and at most {@link ModelFolder#maxPositions}
     * @param context tokens of the text with all that is to be written; cut to as many
     */
    public void tune(int rows, int context) {
        check();
        decoder.tune(rows, context);
    }

    /**
     * The same for steps that write a token of each of {@code texts} texts.
     *
     * @param texts written together, at least 1
     * @param context tokens of each text with all that is to be written; cut to {@link ModelFolder#maxPositions}
     */
    public void tuneStep(int texts, int context) {
        check();
        decoder.tuneStep(texts, context);
    }

    /**
     * Continues {@code prompt}.
     *
     * @param listener told the text piece by piece as it comes; may end it by a {@link CancelledException} of its own
     * @throws MxForgeException if the prompt leaves no room in the model's context, or there is no tokenizer
     */
    public Generation generate(String prompt, GenerationOptions options, Consumer<String> listener) {
        return generate(folder.encodePrompt(prompt), options, listener);
    }

    /** As {@link #generate(String, GenerationOptions, Consumer)}, after a prompt of tokens. */
    public Generation generate(int[] prompt, GenerationOptions options, Consumer<String> listener) {
        check();
        Arguments.require(prompt, "the prompt is missing: give its tokens");
        Arguments.require(options, "the options of a generation are missing: give GenerationOptions.greedy(64), say");
        Arguments.require(listener, "the listener of a generation is missing: give piece -> {} to hear nothing");
        WrittenText text = WrittenText.pieces(folder, prompt, options.stops(), listener);
        Generator.Written written = new Generator(decoder).generate(prompt, options, id -> {
            engine.progress().check();
            text.add(id);
            return !text.isStopped();
        });
        text.finish();
        Generation.End end =
                Generation.End.of(text, prompt.length, written.ids().length, options, folder.maxPositions());
        return Generation.of(written, prompt.length, text.whole(), end);
    }

    /**
     * Opens a scheduler, which answers many requests together. Its memory is taken at once; it is closed with the model at the latest.
     *
     * @throws MxForgeException if the device has less memory
     */
    public Scheduler scheduler(SchedulerOptions options) {
        check();
        Arguments.require(options, "the options of a scheduler are missing: give SchedulerOptions.defaults(), say");
        Scheduler scheduler = new Scheduler(this, new ContinuousBatch<>(decoder, options), options);
        schedulers.add(scheduler);
        return scheduler;
    }

    /**
     * Scores {@code text}.
     *
     * @throws MxForgeException if there is not one whole window of it, or the model does not take one as long
     */
    public TextScore score(String text, ScoringOptions options) {
        return score(folder.encode(text), options);
    }

    /** As {@link #score(String, ScoringOptions)}, of a text of tokens. */
    public TextScore score(int[] ids, ScoringOptions options) {
        check();
        Arguments.require(ids, "the text to score is missing: give its tokens");
        Arguments.require(options, "the options of scoring are missing: give ScoringOptions.defaults(), say");
        Perplexity perplexity = options.perplexity();
        long total = (long) perplexity.windowsOf(ids.length) * perplexity.window();
        try (Steps steps = Steps.begin(engine.progress(), "scoring", "tokens", total)) {
            long start = System.nanoTime();
            double meanNll = perplexity.meanNll(decoder, ids, steps::reach);
            return new TextScore(
                    perplexity.window(),
                    perplexity.windowsOf(ids.length),
                    perplexity.scored(ids.length),
                    meanNll,
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /**
     * Scores a text and compares the model's predictions with those of {@code reference}, such as the model before it was quantized, in one
     * pass over the text.
     *
     * @param reference a model of the same vocabulary, of an engine of this thread
     * @throws MxForgeException as {@link #score(int[], ScoringOptions)} does for either model, or if their vocabularies differ
     */
    public Agreement agreement(int[] ids, ScoringOptions options, Model reference) {
        check();
        Arguments.require(ids, "the text to score is missing: give its tokens");
        Arguments.require(options, "the options of scoring are missing: give ScoringOptions.defaults(), say");
        Arguments.require(reference, "the reference is missing: give a model to compare with")
                .check();
        if (folder.vocabulary() != reference.folder.vocabulary()) {
            throw new MxForgeException("the reference " + reference.folder.path() + " has "
                    + reference.folder.vocabulary() + " tokens, and " + folder.path() + " has " + folder.vocabulary()
                    + ": compare models of one tokenizer");
        }
        folder.checkScoring(ids, options);
        reference.folder.checkScoring(ids, options);
        Perplexity perplexity = options.perplexity();
        long total = (long) perplexity.windowsOf(ids.length) * perplexity.window();
        try (Steps steps = Steps.begin(engine.progress(), "comparing", "tokens", total)) {
            return new AgreementScoring(decoder, reference.decoder, perplexity).run(ids, steps::reach);
        }
    }

    /** Told the scores of continuations as they come. */
    @FunctionalInterface
    public interface ScoreListener {
        /**
         * A group is scored; may end the work by a {@link CancelledException} of its own.
         *
         * @param group its number
         * @param scores of its continuations, in their order
         */
        void scored(int group, List<Continuation.Score> scores);
    }

    /**
     * Says how likely continuations are. Those of a group should share the beginning of their contexts, which is read once; groups are run
     * together, the longest first. A context that is too long with its continuation for the model loses its beginning.
     *
     * @param groups none of them empty
     * @param listener told of the groups in the order in which they are done
     * @throws MxForgeException if a token is none of the model's, a continuation alone is longer than its context, or logits are not finite
     */
    public void score(List<List<Continuation>> groups, ScoreListener listener) {
        check();
        Arguments.require(groups, "the continuations to score are missing: give groups of them");
        Arguments.require(listener, "the listener of scores is missing: give one that keeps them");
        if (groups.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a group of continuations is empty: give at least one");
        }
        ContinuationScoring scoring = new ContinuationScoring(decoder, groups);
        try (Steps steps = Steps.begin(engine.progress(), "scoring", "tokens", scoring.tokens())) {
            scoring.run(listener, steps::advance);
        }
    }

    /**
     * Times the reading and continuing of random tokens, after runs that warm up, in which variants are chosen and compiled.
     *
     * @throws MxForgeException if the workload does not fit into the model's context or the device's memory
     */
    public Throughput time(Workload workload) {
        check();
        Arguments.require(workload, "the workload to time is missing: give a Workload");
        int runs = workload.warmUps() + workload.repeats();
        try (Steps steps = Steps.begin(engine.progress(), "timing", "runs", runs)) {
            return Throughput.of(workload, new Generator(decoder).time(workload, () -> steps.advance(1)));
        }
    }

    /**
     * The logits after each of {@code ids}, in one context.
     *
     * @return [ids][vocabulary]
     */
    public float[] logits(int... ids) {
        check();
        Arguments.require(ids, "the tokens are missing: give at least one");
        int vocabulary = folder.vocabulary();
        float[] all = new float[Math.multiplyExact(ids.length, vocabulary)];
        decoder.logits(ids, (logits, firstRow) -> {
            float[] rows = decoder.download(logits, ids);
            System.arraycopy(rows, 0, all, firstRow * vocabulary, rows.length);
        });
        return all;
    }

    /**
     * Writes {@code logits}, [batch][length][vocabulary] in F32, to a safetensors file, a few rows at a time; each sequence is a
     * context of its own.
     *
     * @param output a file that does not exist yet
     * @throws MxForgeException if a token is none of the model's, or the file cannot be written
     */
    public void writeLogits(TokenBatch tokens, Path output) {
        check();
        Arguments.require(tokens, "the tokens are missing: give a batch of them");
        Arguments.require(output, "the file to write is missing: give its path");
        tokens.write(decoder, output);
    }

    Engine engine() {
        return engine;
    }

    void forget(Scheduler scheduler) {
        schedulers.remove(scheduler);
    }

    /** Refuses use after closing, or by another thread than the engine's. */
    void check() {
        engine.check();
        if (closed) {
            throw new IllegalStateException("the model of " + folder.path() + " is closed: load it again");
        }
    }

    /** Frees its memory; does nothing when it is closed already. */
    @Override
    public void close() {
        if (!closed) {
            List.copyOf(schedulers).forEach(Scheduler::close);
            closed = true;
            engine.forget(this);
            decoder.close();
        }
    }
}
