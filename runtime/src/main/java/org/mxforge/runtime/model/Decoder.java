package org.mxforge.runtime.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearSite;

/**
 * A decoder-only transformer on a backend, of any of the families. It runs batches; more tokens than {@link #MAX_ROWS} go through in
 * several, so that memory does not grow with them. Not safe for concurrent use; closing it gives its weights back and leaves the
 * backend that it was loaded on open.
 */
public final class Decoder implements AutoCloseable {
    /** Most tokens that go through the layers together: enough to fill every multiprocessor, few enough to need little memory. */
    static final int MAX_ROWS = 8192;

    private final ModelConfig config;
    private final Backend backend;
    private final CacheFormat cacheFormat;
    private final LayerStack layers;
    private final RotaryAngles angles;

    private Decoder(LayerLoader loader, CacheFormat cacheFormat) {
        this.cacheFormat = cacheFormat;
        config = loader.config();
        backend = loader.backend();
        layers = new LayerStack(loader);
        angles = new RotaryAngles(config);
    }

    /** As {@link #load(Checkpoint, Backend, CacheFormat)}, with caches in BF16. */
    public static Decoder load(Checkpoint checkpoint, Backend backend) {
        return load(checkpoint, backend, CacheFormat.BF16);
    }

    /**
     * Brings all weights of {@code checkpoint} onto {@code backend}.
     *
     * @param cacheFormat how caches keep keys and values
     * @throws MxForgeException naming the tensor that is missing, misshapen or damaged, or if heads cannot be kept so
     */
    public static Decoder load(Checkpoint checkpoint, Backend backend, CacheFormat cacheFormat) {
        return load(checkpoint, backend, cacheFormat, null);
    }

    /** As {@link #load(Checkpoint, Backend)}, showing {@code observer} the input of every linear site; for plain checkpoints. */
    public static Decoder load(Checkpoint checkpoint, Backend backend, ActivationObserver observer) {
        return load(checkpoint, backend, CacheFormat.BF16, observer);
    }

    private static Decoder load(
            Checkpoint checkpoint, Backend backend, CacheFormat cacheFormat, ActivationObserver observer) {
        checkpoint.config().checkCache(cacheFormat);
        Backend own = backend.forModel();
        try {
            return new Decoder(new LayerLoader(checkpoint.shared(own.shards()), own, observer), cacheFormat);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    /**
     * What a model takes of a device's memory, in bytes.
     *
     * @param weights its own
     * @param cache keys and values
     * @param workspace at most, for activations and what kernels work in
     */
    public record Need(long weights, long cache, long workspace) {}

    /**
     * What {@code checkpoint} will take of {@code backend} for {@code sequences} sequences of {@code longest} tokens, without reading a
     * weight; empty where memory is not planned.
     *
     * @param cache how keys and values are kept
     * @throws MxForgeException when the model does not take as many tokens
     */
    public static Optional<Need> need(
            Checkpoint checkpoint, Backend backend, CacheFormat cache, int sequences, int longest) {
        return backend.dryRun().map(device -> {
            try (device) {
                return new MemoryPlanner(checkpoint, device, cache, sequences, longest).need();
            }
        });
    }

    public ModelConfig config() {
        return config;
    }

    /** Its own, on the device that it was loaded on. */
    public Backend backend() {
        return backend;
    }

    /**
     * A cache with room for {@code sequences} sequences of {@code longest} tokens, or for more shorter ones.
     *
     * @throws MxForgeException when the model does not take as many tokens
     */
    public KvCache newCache(int sequences, int longest) {
        config.checkContext(longest);
        return backend.kvCache(
                cacheFormat, config.layers(), config.kvHeads() / backend.shards(), config.head(), sequences, longest);
    }

    /** A batch of at most {@code rows} tokens of at most {@code sequences} sequences in {@code cache}. */
    public Batch newBatch(KvCache cache, int rows, int sequences) {
        return backend.batch(cache, config.vocabulary(), rows, sequences);
    }

    /**
     * Runs {@code batch}, which fills its cache, and hands over the logits of its outputs. Where rotary frequencies depend on a
     * text's length, they are those for the longest in the batch.
     */
    public void forward(Batch batch, LogitsConsumer consumer) {
        layers.logits(batch, ofText(batch.cache(), batch.longestText()), consumer);
    }

    /** Hands over the logits of all {@code ids} in order, which have a context of their own. */
    public void logits(int[] ids, LogitsConsumer consumer) {
        try (KvCache cache = newCache(1, ids.length);
                KvCache.Sequence sequence = cache.open()) {
            logits(sequence, ids, ids.length, consumer);
        }
    }

    /** Runs {@code rows} tokens without a meaning, those of a text that has room for {@code context} or, if that is more, for all. */
    public void tune(int rows, int context) {
        try (KvCache cache = tuningCache(rows, context);
                KvCache.Sequence sequence = cache.open()) {
            logits(sequence, new int[rows], rows, (logits, first) -> {});
        }
    }

    /** Runs a token of each of {@code texts} texts that have room for {@code context} tokens each; only one of them is there. */
    public void tuneStep(int texts, int context) {
        try (KvCache cache = tuningCache(1, context);
                KvCache.Sequence sequence = cache.open();
                Batch batch = newBatch(cache, texts, 1)) {
            batch.put(List.of(new Batch.Part(sequence, new int[1], 1)), texts);
            forward(batch, (logits, first) -> {});
        }
    }

    private KvCache tuningCache(int rows, int context) {
        return newCache(1, Math.max(rows, Math.min(context, config.maxPositions())));
    }

    /**
     * Appends {@code ids} to {@code sequence} and hands over logits in order.
     *
     * @param outputs of how many of the last tokens logits are wanted
     */
    public void logits(KvCache.Sequence sequence, int[] ids, int outputs, LogitsConsumer consumer) {
        int[] before = {0};
        alone(new Batch.Part(sequence, ids, outputs), (batch, rope) -> {
            layers.logits(batch, rope, (logits, first) -> consumer.accept(logits, before[0] + first));
            before[0] += batch.outputs();
        });
    }

    /**
     * Appends {@code ids} to {@code sequence} and scores {@code targets}, the token after each.
     *
     * @return negative log likelihoods, in nats
     */
    public float[] nll(KvCache.Sequence sequence, int[] ids, int[] targets) {
        Scorer scorer = new Scorer(targets);
        alone(new Batch.Part(sequence, ids, ids.length), scorer);
        return scorer.nll;
    }

    /**
     * Appends {@code parts} to their sequences and scores {@code targets}, the token after each of their outputs in order.
     *
     * @param batch what they go through in, some of their tokens after the others if it has not as many rows
     */
    public CrossEntropy.Scores score(Batch batch, List<Batch.Part> parts, int[] targets) {
        Scorer scorer = new Scorer(targets);
        inBatches(batch, parts, scorer);
        return new CrossEntropy.Scores(scorer.nll, scorer.best);
    }

    /** Scores the targets of one batch after the other. */
    private final class Scorer implements BiConsumer<Batch, RopeTable> {
        private final int[] targets;
        private final float[] nll;
        private final boolean[] best;
        private int done;

        Scorer(int[] targets) {
            this.targets = targets;
            this.nll = new float[targets.length];
            this.best = new boolean[targets.length];
        }

        @Override
        public void accept(Batch batch, RopeTable rope) {
            int count = batch.outputs();
            CrossEntropy.Scores some = layers.scores(batch, rope, Arrays.copyOfRange(targets, done, done + count));
            System.arraycopy(some.nll(), 0, nll, done, count);
            System.arraycopy(some.best(), 0, best, done, count);
            done += count;
        }
    }

    /** Appends {@code ids} to {@code sequence}, which fills its cache, without asking for logits. */
    public void run(KvCache.Sequence sequence, int[] ids) {
        logits(sequence, ids, 0, (logits, firstRow) -> {});
    }

    /** Appends {@code ids} to {@code sequence} and samples the token after them; {@link Batch#NONE} where logits are not finite. */
    public int sample(KvCache.Sequence sequence, int[] ids, Batch.Choice choice) {
        int[] token = {0};
        alone(new Batch.Part(sequence, ids, 1, choice), (batch, rope) -> {
            sample(batch, rope);
            if (batch.outputs() > 0) {
                token[0] = batch.tokens()[0];
            }
        });
        return token[0];
    }

    /**
     * Appends {@code parts} to their sequences and samples a token for each of their outputs, in order.
     *
     * @param batch what they go through in, some of their tokens after the others if it has not as many rows
     */
    int[] sample(Batch batch, List<Batch.Part> parts) {
        IntStream.Builder tokens = IntStream.builder();
        inBatches(batch, parts, (next, rope) -> {
            sample(next, rope);
            Arrays.stream(next.tokens()).forEach(tokens);
        });
        return tokens.build().toArray();
    }

    private void alone(Batch.Part part, BiConsumer<Batch, RopeTable> run) {
        if (part.ids().length == 0) {
            throw new MxForgeException("there is no token to run: give a text that is not empty");
        }
        KvCache.Sequence sequence = part.sequence();
        sequence.checkRoom(part.ids().length);
        try (Batch batch = newBatch(sequence.cache(), Math.min(part.ids().length, MAX_ROWS), 1)) {
            inBatches(batch, List.of(part), run);
        }
    }

    private void inBatches(Batch batch, List<Batch.Part> parts, BiConsumer<Batch, RopeTable> run) {
        int longest = parts.stream()
                .mapToInt(part -> part.sequence().length() + part.ids().length)
                .max()
                .orElseThrow();
        RopeTable rope = ofText(batch.cache(), longest);
        for (List<Batch.Part> together : Batch.Part.inRows(parts, batch.capacity())) {
            batch.put(together);
            run.accept(batch, rope);
        }
    }

    /**
     * Runs {@code batch}, of one token a sequence or of chunks of texts that {@linkplain #isReadWithOthers may be read so}, and samples a
     * token for each of its outputs, without a word to the host.
     */
    void sample(Batch batch) {
        sample(batch, angles.ofSteps(backend, batch.cache().longest()));
    }

    /** The same of chunks of a text of {@code length} tokens. */
    void sample(Batch batch, int length) {
        sample(batch, ofText(batch.cache(), length));
    }

    /** Whether a text of {@code length} tokens can be read in a batch beside others: not if its rotary frequencies are its own. */
    public boolean isReadWithOthers(int length) {
        return angles.isCommon(length);
    }

    private void sample(Batch batch, RopeTable rope) {
        layers.logits(batch, rope, (logits, first) -> backend.sample(logits, batch, first));
    }

    private RopeTable ofText(KvCache cache, int length) {
        return angles.ofText(backend, cache.longest(), length);
    }

    /**
     * The failure of a run over {@code ids} whose logits, or what was computed from them, are not finite. They are run again to find the
     * first part of the model whose result is not; where all layers are sound, it is the output head.
     */
    public MxForgeException notFinite(int... ids) {
        return new MxForgeException("the model's logits are not finite" + firstFault(ids)
                + ": its weights are damaged, or its activations are too large for " + backend.device());
    }

    /**
     * The values of {@code logits}, which must be finite.
     *
     * @param ids the tokens that were run, for the failure
     * @throws MxForgeException if one of them is not, naming the part of the model from which on that is so
     */
    public float[] download(Matrix logits, int... ids) {
        float[] values = backend.download(logits);
        if (!LayerStack.isFinite(values)) {
            throw notFinite(ids);
        }
        return values;
    }

    /** The first place in the order of the forward pass, in words. */
    private String firstFault(int... ids) {
        int[] first = {Integer.MAX_VALUE};
        try (KvCache cache = newCache(1, ids.length);
                KvCache.Sequence sequence = cache.open()) {
            alone(new Batch.Part(sequence, ids, 0), (batch, rope) -> layers.firstFault(batch, rope)
                    .ifPresent(fault -> first[0] = Math.min(first[0], fault)));
        }
        return ", from the " + (first[0] == Integer.MAX_VALUE ? "output head" : layers.place(first[0])) + " on";
    }

    /** Whether {@link #sample(Batch)} may be a {@link org.mxforge.runtime.exec.spi.Backend.RecordedStep}. */
    boolean isRecordable() {
        return layers.isRecordable();
    }

    @Override
    public void close() {
        backend.close();
    }

    /** Sees the plain inputs of a decoder's linear sites while it runs, for calibration. */
    @FunctionalInterface
    public interface ActivationObserver {
        /**
         * Called once for each site and chunk of tokens; the output of an expert that gets no token is left out.
         *
         * @param site a {@link LinearSite} name
         * @param values [rows][channels], row-major, after the norm or the gate; not kept by the decoder
         */
        void observe(String site, float[] values, int rows, int channels);

        /** The same where the values are on {@code backend}, from where this brings them to the host; the decoder closes {@code input}. */
        default void observe(String site, LinearInput input, Backend backend) {
            observe(site, backend.download(input), input.rows(), input.channels());
        }

        /** Whether it wants to see the input of {@code site}, whose layers are plain then. */
        default boolean wants(String site) {
            return true;
        }
    }

    /** Takes logits a few rows at a time, so that those of a long text need not be in memory together. */
    @FunctionalInterface
    public interface LogitsConsumer {
        /**
         * @param logits [rows][vocabulary], valid during the call, may be overwritten
         * @param firstRow which of the tokens whose logits were asked for row 0 belongs to
         */
        void accept(Matrix logits, int firstRow);
    }
}
