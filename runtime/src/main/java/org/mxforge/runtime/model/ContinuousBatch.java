package org.mxforge.runtime.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * Texts that a decoder reads and continues together, in steps between which they come and go (continuous batching). A step gives every
 * text that is written its next token; what is left of the step's rows reads prompts, in the order in which the texts came. Steps that
 * only write are recorded and replayed.
 *
 * <p>A text gets the tokens that it would get alone: bit for bit on the CPU, where a row comes to the same numbers whatever is beside it
 * as long as there are two (a single one is added up in another order, so that steps have two rows at least; experts may still get a
 * single one). On a GPU kernels are chosen for the number of rows, and add up in an order of their own: there it is so up to rounding.
 *
 * <p>Not safe for concurrent use; to be closed before its decoder.
 *
 * @param <R> whom a text is for
 */
public final class ContinuousBatch<R> implements AutoCloseable {
    private static final int FEWEST_ROWS = 2;

    private final Decoder decoder;
    private final ModelConfig config;
    private final int stepTokens;
    private final KvCache cache;
    private final DecodeSteps steps;
    private final Batch mixed;

    /** How memory is given back, what was taken last first. */
    private final Deque<Runnable> opened = new ArrayDeque<>();

    /** In the order in which they came. */
    private final List<Text> texts = new ArrayList<>();

    private final List<Text> inStep = new ArrayList<>();
    private final List<Batch.Part> parts = new ArrayList<>();
    private final List<Text> sampled = new ArrayList<>();
    private int readInStep;
    private long stepsDone;
    private long idleSince;
    private long idleNanos;

    /**
     * Takes the memory for texts of {@code decoder}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if the device has less
     */
    public ContinuousBatch(Decoder decoder, SchedulerOptions options) {
        this.decoder = decoder;
        this.config = decoder.config();
        this.stepTokens = options.stepTokens();
        int context = Math.min(options.context(), config.maxPositions());
        try {
            cache = decoder.newCache(1 + (options.cacheTokens() - 1) / context, context);
            opened.push(cache::close);
            steps = new DecodeSteps(decoder, cache, FEWEST_ROWS, options.sequences());
            opened.push(steps::close);
            mixed = decoder.newBatch(cache, stepTokens + 1, options.sequences());
            opened.push(mixed::close);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Most tokens of a text, its prompt included. */
    public int context() {
        return cache.longest();
    }

    /** Tokens that all texts may have together. */
    public int cacheTokens() {
        return cache.capacity();
    }

    /** Those of them that are no text's, in whole pages. */
    public int freeTokens() {
        return cache.freePositions();
    }

    /** Whether a text of so many tokens in the end can come in now. */
    public boolean hasRoom(int tokens) {
        return cache.hasRoom(tokens);
    }

    /** Steps that were run. */
    public long steps() {
        return stepsDone;
    }

    /**
     * Nanoseconds in which the device had nothing to do while there were texts: from a step's tokens until the next step was put
     * together.
     */
    public long idleNanos() {
        return idleNanos;
    }

    /**
     * Lets a text in, with memory for all tokens that it may get, so that it never has to wait for others to end.
     *
     * @param most new tokens that it may get
     */
    public Text add(R owner, int[] prompt, int most, GenerationOptions options) {
        KvCache.Sequence sequence = cache.open();
        sequence.reserve(prompt.length + most);
        Text text = new Text(owner, prompt, most, options, sequence);
        texts.add(text);
        return text;
    }

    /** Lets a text go, and gives its memory to others. */
    public void remove(Text text) {
        texts.remove(text);
        text.sequence.close();
        if (texts.isEmpty()) {
            idleSince = 0;
        }
    }

    /**
     * Asks for the next step, without waiting for it on a GPU.
     *
     * @return false if there is no text
     */
    public boolean ask() {
        inStep.clear();
        parts.clear();
        readInStep = 0;
        Text next = firstUnread();
        if (next == null) {
            takeWritten();
            return !parts.isEmpty() && write();
        }
        if (decoder.isReadWithOthers(next.prompt.length)) {
            takeWritten();
            takeUnread();
            return read(() -> decoder.sample(mixed));
        }
        take(next, Math.min(stepTokens, next.unread()));
        readInStep++;
        return read(() -> decoder.sample(mixed, next.prompt.length));
    }

    private Text firstUnread() {
        for (Text text : texts) {
            if (!text.isRead()) {
                return text;
            }
        }
        return null;
    }

    private void takeWritten() {
        for (Text text : texts) {
            if (text.isRead()) {
                take(text, 1);
            }
        }
    }

    /** Fills the step up with parts of prompts. */
    private void takeUnread() {
        int left = stepTokens - parts.size();
        for (Text text : texts) {
            if (left > 0 && !text.isRead() && decoder.isReadWithOthers(text.prompt.length)) {
                int tokens = Math.min(left, text.unread());
                take(text, tokens);
                readInStep++;
                left -= tokens;
            }
        }
    }

    private void take(Text text, int tokens) {
        inStep.add(text);
        parts.add(text.part(tokens));
    }

    private boolean write() {
        steps.put(parts);
        countIdle();
        steps.run();
        return true;
    }

    private boolean read(Runnable step) {
        int rows = 0;
        int outputs = 0;
        for (Batch.Part part : parts) {
            rows += part.ids().length;
            outputs += part.outputs();
        }
        // One that is nobody's where there is a single one.
        mixed.put(parts, rows < FEWEST_ROWS || outputs == 1 ? rows + 1 : rows);
        countIdle();
        step.run();
        return true;
    }

    private void countIdle() {
        if (idleSince != 0) {
            idleNanos += System.nanoTime() - idleSince;
            idleSince = 0;
        }
    }

    /** Waits for the step that was asked for, and gives texts their tokens. */
    public void await() {
        sampled.clear();
        for (Text text : inStep) {
            if (text.sequence.length() >= text.prompt.length) {
                sampled.add(text);
            }
        }
        int[] tokens = sampled.isEmpty() ? new int[0] : (readInStep == 0 ? steps.batch() : mixed).tokens();
        for (Text text : inStep) {
            text.settled = text.sequence.length();
        }
        for (int i = 0; i < tokens.length; i++) {
            sampled.get(i).give(tokens[i]);
        }
        inStep.clear();
        stepsDone++;
        idleSince = System.nanoTime();
    }

    /** The texts that got a token in the last step. */
    public List<Text> sampled() {
        return Collections.unmodifiableList(sampled);
    }

    /**
     * Takes a step that failed back, as if it had not been.
     *
     * @return the texts that this is put down to: those whose prompts were read in it, since they need most and are new; all of the step
     *     where there is none
     */
    public List<Text> undo() {
        inStep.forEach(text -> text.sequence.shrinkTo(text.settled));
        List<Text> causes = inStep.stream()
                .filter(text -> readInStep == 0 || !text.isRead())
                .toList();
        inStep.clear();
        idleSince = 0;
        return causes;
    }

    /**
     * Runs steps of every size that there may be on tokens without a meaning, so that kernels are chosen and compiled and steps recorded
     * for them before the first text comes.
     */
    public void tune() {
        for (int rows = 1; rows < 2 * steps.most(); rows *= 2) {
            int filled = Math.min(rows, steps.most());
            Consumer<List<Batch.Part>> step = part -> {
                steps.put(part, filled);
                steps.run();
            };
            // Run as it is, then recorded.
            trial(1, step);
            trial(1, step);
        }
        for (int rows = FEWEST_ROWS; rows < 2 * stepTokens; rows *= 2) {
            int filled = Math.min(rows, stepTokens);
            trial(Math.min(filled, context()), part -> {
                mixed.put(part, filled);
                decoder.sample(mixed);
            });
        }
        decoder.backend().synchronize();
    }

    private void trial(int tokens, Consumer<List<Batch.Part>> step) {
        try (KvCache.Sequence sequence = cache.open()) {
            step.accept(List.of(new Batch.Part(sequence, new int[tokens], 1)));
        }
    }

    @Override
    public void close() {
        opened.forEach(Runnable::run);
        opened.clear();
    }

    /** A text that is read and then continued. */
    public final class Text {
        private final R owner;
        private final int[] prompt;
        private final GenerationOptions options;
        private final SplittableRandom random;
        private final KvCache.Sequence sequence;
        private final int[] written;
        private int count;
        private int last;
        private boolean finite = true;
        private boolean ended;

        /** Tokens that steps are done with. */
        private int settled;

        /** How the token after the part that is in a step is chosen; kept until that token is there. */
        private Batch.Choice choice;

        private Text(R owner, int[] prompt, int most, GenerationOptions options, KvCache.Sequence sequence) {
            this.owner = owner;
            this.prompt = prompt;
            this.options = options;
            this.random = new SplittableRandom(options.seed());
            this.sequence = sequence;
            this.written = new int[most];
        }

        private boolean isRead() {
            return settled >= prompt.length;
        }

        private int unread() {
            return prompt.length - settled;
        }

        private Batch.Part part(int tokens) {
            if (isRead()) {
                return new Batch.Part(sequence, new int[] {last}, 1, choice());
            }
            int end = settled + tokens;
            int[] ids = Arrays.copyOfRange(prompt, settled, end);
            return end == prompt.length ? new Batch.Part(sequence, ids, 1, choice()) : new Batch.Part(sequence, ids, 0);
        }

        private Batch.Choice choice() {
            if (choice == null) {
                choice = Generator.choice(options, random);
            }
            return choice;
        }

        private void give(int token) {
            choice = null;
            last = token;
            finite = token != Batch.NONE;
            ended = config.endTokens().contains(token);
            if (finite && !ended) {
                written[count++] = token;
            }
        }

        /** The token that it got last. */
        public int last() {
            return last;
        }

        /** Whether there was a token, which there is not where logits are not finite. */
        public boolean isFinite() {
            return finite;
        }

        /** Whether the last token ends the text, and is no part of it. */
        public boolean hasEnded() {
            return ended;
        }

        /** Whether it gets no more tokens: it ended, or has as many as it may get. */
        public boolean isOver() {
            return ended || count == written.length;
        }

        /** Tokens that it has, those of its prompt included. */
        public int length() {
            return prompt.length + count;
        }

        public R owner() {
            return owner;
        }

        /** The tokens that it got so far. */
        public int[] written() {
            return Arrays.copyOf(written, count);
        }
    }
}
