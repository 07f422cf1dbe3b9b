package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.Embedding;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.LinearSite;

/**
 * Runs texts through a decoder one residual block at a time, each from whichever checkpoint is wanted, so that what lies before a block need
 * not be computed again. Not safe for concurrent use.
 */
public final class BlockRunner implements AutoCloseable {
    private final ModelConfig config;
    private final Backend backend;
    private final KvCache cache;
    private final RotaryAngles angles;
    private final Embedding embedding;
    private final OutputHead head;
    private final int longest;

    /**
     * @param checkpoint whose embedding and output head are used, plain
     * @param longest most tokens of a text
     */
    public BlockRunner(Checkpoint checkpoint, Backend device, int longest) {
        this.config = checkpoint.config();
        config.checkContext(longest);
        this.longest = longest;
        backend = device.forModel();
        LayerLoader loader = new LayerLoader(checkpoint, backend, null);
        embedding = backend.embedding(loader.table(config.embedding()));
        head = new OutputHead(loader, loader.table(config.embedding()));
        angles = new RotaryAngles(config);
        cache = backend.kvCache(CacheFormat.BF16, config.layers(), config.kvHeads(), config.head(), 1, longest);
    }

    /** A residual block on the device: a layer's attention or feed-forward part, with the norm before it. */
    public final class Block implements AutoCloseable {
        private final Backend own;
        private final ResidualBlock block;

        private Block(Backend own, ResidualBlock block) {
            this.own = own;
            this.block = block;
        }

        /** Adds to {@code residual}, [ids][hidden], what the block makes of the text {@code ids}. */
        public void run(int[] ids, Matrix residual) {
            BlockRunner.this.run(
                    ids,
                    batch -> block.forward(
                            new ForwardPass(batch, residual, angles.ofText(backend, longest, ids.length))));
        }

        @Override
        public void close() {
            own.close();
        }
    }

    /** How many blocks there are: two for each layer. */
    public int blocks() {
        return 2 * config.layers();
    }

    /** The sites of block {@code index}, in the order in which they are read. */
    public List<LinearSite> sites(int index) {
        DecoderLayer layer = config.decoderLayers().get(index / 2);
        return index % 2 == 0
                ? List.of(layer.attention().input(), layer.attention().output())
                : layer.feedForward().sites();
    }

    /** Whether {@code site} of block {@code index} is an input of one expert alone, which not all tokens reach. */
    public boolean isOfExpert(int index, LinearSite site) {
        return index % 2 == 1
                && config.decoderLayers().get(index / 2).feedForward().map(gated -> false, routed -> routed.outputs()
                        .contains(site));
    }

    /**
     * Loads block {@code index} of {@code checkpoint}.
     *
     * @param observer sees the inputs of its sites, which are plain then; null for none
     */
    public Block load(Checkpoint checkpoint, int index, Decoder.ActivationObserver observer) {
        Backend own = backend.forModel();
        LayerLoader loader = new LayerLoader(checkpoint, own, observer);
        return new Block(own, ResidualBlock.of(loader, config.decoderLayers().get(index / 2), index));
    }

    /** The residual stream of a text before the first block, [ids][hidden]. */
    public Matrix embed(int[] ids) {
        Matrix residual = backend.fp32(ids.length, config.hidden());
        run(ids, batch -> backend.embed(embedding, batch, residual));
        return residual;
    }

    /** The residual streams of texts before the first block. */
    public List<Matrix> embed(List<int[]> texts) {
        List<Matrix> streams = new ArrayList<>();
        texts.forEach(ids -> streams.add(embed(ids)));
        return streams;
    }

    /** A copy of a residual stream. */
    public Matrix copy(Matrix residual) {
        Matrix copy = backend.fp32(residual.rows(), residual.columns());
        backend.gatherRows(residual, IntStream.range(0, residual.rows()).toArray(), copy);
        return copy;
    }

    /** Takes the logits after some tokens of a text. */
    @FunctionalInterface
    public interface Logits {
        /**
         * @param rows [rows][vocabulary], not used again by who gives them
         * @param first which token of the text row 0 is of
         */
        void take(float[] rows, int first);
    }

    /** The logits after all tokens of {@code ids}, some at a time, from the residual stream behind the last block. */
    public void logits(int[] ids, Matrix residual, Logits taker) {
        run(
                ids,
                batch -> head.forward(batch, residual, (logits, first) -> taker.take(backend.download(logits), first)));
    }

    private void run(int[] ids, Consumer<Batch> operations) {
        try (KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, config.vocabulary(), ids.length, 1)) {
            batch.put(List.of(new Batch.Part(sequence, ids, ids.length)), ids.length);
            operations.accept(batch);
        }
    }

    @Override
    public void close() {
        cache.close();
        backend.close();
    }
}
