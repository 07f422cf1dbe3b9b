package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.EmbeddingTable;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * A decoder-only transformer on a backend, of any of the families. Tokens go through in chunks of at most
 * {@link #MAX_ROWS}, so that memory does not grow with the text. Not safe for concurrent use; closing it leaves the backend
 * open.
 */
public final class Decoder implements AutoCloseable {
    /** Most tokens that go through the layers together. */
    static final int MAX_ROWS = 2048;

    /** Takes the residual stream after the last layer, before the next chunk overwrites it. */
    @FunctionalInterface
    private interface ChunkEnd {
        void accept(Matrix residual, int firstRow);
    }

    private final ModelConfig config;
    private final Backend backend;
    private final EmbeddingTable embedding;
    private final List<Block> blocks = new ArrayList<>();
    private final OutputHead head;
    private final RotaryAngles angles;
    private Workspace workspace;

    private Decoder(LayerLoader loader) {
        config = loader.config();
        backend = loader.backend();
        short[] table = loader.table(config.embedding());
        embedding = backend.embedding(table, config.vocabulary(), config.hidden());
        for (int layer = 0; layer < config.layers(); layer++) {
            DecoderLayer description = config.decoderLayers().get(layer);
            blocks.add(new Attention(loader, layer, description.attention()));
            blocks.add(description
                    .feedForward()
                    .map(
                            gated -> new DenseFeedForward(loader, gated),
                            routed -> new RoutedFeedForward(loader, routed)));
        }
        head = new OutputHead(loader, table);
        angles = new RotaryAngles(config);
        workspace = new Workspace(config, backend, 1);
    }

    /**
     * Brings all weights of {@code checkpoint} onto {@code backend}.
     *
     * @throws MxForgeException naming the tensor that is missing, misshapen or damaged
     */
    public static Decoder load(Checkpoint checkpoint, Backend backend) {
        return new Decoder(new LayerLoader(checkpoint, backend, null));
    }

    /** As {@link #load(Checkpoint, Backend)}, showing {@code observer} the input of every linear site; for plain checkpoints. */
    public static Decoder load(Checkpoint checkpoint, Backend backend, ActivationObserver observer) {
        return new Decoder(new LayerLoader(checkpoint, backend, observer));
    }

    public ModelConfig config() {
        return config;
    }

    public Backend backend() {
        return backend;
    }

    /**
     * An empty cache for {@code capacity} positions.
     *
     * @throws MxForgeException when the model does not take as many
     */
    public KvCache newCache(int capacity) {
        if (capacity < 1 || capacity > config.maxPositions()) {
            throw new MxForgeException("a context of " + capacity + " tokens was asked for, but the model takes 1 to "
                    + config.maxPositions() + ": shorten the text or the window");
        }
        return backend.kvCache(config.layers(), capacity, config.kvHeads(), config.head());
    }

    /** Runs {@code ids} at positions {@code start ..}, which fills the cache, without asking for logits. */
    public void run(int[] ids, KvCache cache, int start) {
        forward(ids, cache, start, (residual, firstRow) -> {});
    }

    /** Runs {@code ids} at positions {@code start ..} and hands over the logits of every token in order. */
    public void logits(int[] ids, KvCache cache, int start, LogitsConsumer consumer) {
        forward(
                ids,
                cache,
                start,
                (residual, firstRow) -> head.forward(residual, 0, residual.rows(), firstRow, consumer));
    }

    /** Runs {@code ids} at positions {@code start ..} and hands over the one row of logits of the last token. */
    public void lastLogits(int[] ids, KvCache cache, int start, LogitsConsumer consumer) {
        forward(ids, cache, start, (residual, firstRow) -> {
            int last = residual.rows();
            if (firstRow + last == ids.length) {
                head.forward(residual, last - 1, last, firstRow, consumer);
            }
        });
    }

    private void forward(int[] ids, KvCache cache, int start, ChunkEnd end) {
        check(ids, cache, start);
        for (int from = 0; from < ids.length; from += MAX_ROWS) {
            int[] chunk = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + MAX_ROWS));
            Matrix residual = room(chunk.length).residual(chunk.length);
            backend.embed(embedding, chunk, residual);
            Pass pass = new Pass(residual, workspace, angles.table(backend, cache.capacity()), cache, start + from);
            blocks.forEach(block -> block.forward(pass));
            end.accept(residual, from);
        }
    }

    private Workspace room(int rows) {
        if (workspace.capacity() < rows) {
            workspace.close();
            workspace = new Workspace(config, backend, rows);
        }
        return workspace;
    }

    private void check(int[] ids, KvCache cache, int start) {
        if (ids.length == 0) {
            throw new MxForgeException("there is no token to run: give a text that is not empty");
        }
        if (start < 0 || ids.length > cache.capacity() - start) {
            throw new MxForgeException(ids.length + " tokens at position " + start + " do not fit into a context of "
                    + cache.capacity() + ": shorten the text");
        }
        for (int id : ids) {
            if (id < 0 || id >= config.vocabulary()) {
                throw new MxForgeException("token " + id + " is outside the model's vocabulary of "
                        + config.vocabulary() + ": the tokenizer or the ids belong to another model");
            }
        }
    }

    @Override
    public void close() {
        workspace.close();
        head.close();
    }
}
