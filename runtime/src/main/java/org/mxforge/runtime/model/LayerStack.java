package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Backend.Embedding;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.Decoder.LogitsConsumer;
import org.mxforge.runtime.model.family.DecoderLayer;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.PlainWeight;

/** The weights of a decoder on its backend, from the embedding to the output head, and one run of a batch through them. */
final class LayerStack {
    private static final int EMBEDDING = -1;

    private final ModelConfig config;
    private final Backend backend;
    private final Embedding embedding;

    /** Two of each layer, attention and then feed-forward. */
    private final List<ResidualBlock> blocks = new ArrayList<>();

    /** What each block is called. */
    private final List<String> places = new ArrayList<>();

    private final OutputHead head;

    LayerStack(LayerLoader loader) {
        config = loader.config();
        backend = loader.backend();
        PlainWeight table = loader.table(config.embedding());
        embedding = backend.embedding(table);
        for (int layer = 0; layer < config.layers(); layer++) {
            DecoderLayer description = config.decoderLayers().get(layer);
            blocks.add(ResidualBlock.of(loader, description, 2 * layer));
            blocks.add(ResidualBlock.of(loader, description, 2 * layer + 1));
            places.add("attention of layer " + layer);
            places.add("feed-forward block of layer " + layer);
        }
        head = new OutputHead(loader, table);
    }

    /** Hands over the logits of the outputs of {@code batch}. */
    void logits(Batch batch, RopeTable rope, LogitsConsumer consumer) {
        run(batch, rope, residual -> head.forward(batch, residual, consumer));
    }

    /** How likely {@code targets} are after the outputs of {@code batch}. */
    CrossEntropy.Scores scores(Batch batch, RopeTable rope, int[] targets) {
        CrossEntropy.Scores[] scores = new CrossEntropy.Scores[1];
        run(batch, rope, residual -> scores[0] = head.scores(batch, residual, targets));
        return scores[0];
    }

    /** Hands over what the layers leave in the residual stream, [rows][hidden]. */
    private void run(Batch batch, RopeTable rope, Consumer<Matrix> last) {
        try (Matrix residual = backend.residual(batch.rows(), config.hidden())) {
            backend.at("embedding");
            backend.embed(embedding, batch, residual);
            ForwardPass pass = new ForwardPass(batch, residual, rope);
            for (int i = 0; i < blocks.size(); i++) {
                backend.at(places.get(i));
                blocks.get(i).forward(pass);
            }
            backend.at("output head");
            last.accept(residual);
        }
    }

    /** Whether a run may be part of a {@link Backend.RecordedStep}. */
    boolean isRecordable() {
        return blocks.stream().allMatch(ResidualBlock::isRecordable);
    }

    /** Runs {@code batch} and looks for the first place that leaves something not finite; empty where all up to the output head is. */
    OptionalInt firstFault(Batch batch, RopeTable rope) {
        try (Matrix residual = backend.residual(batch.rows(), config.hidden())) {
            backend.embed(embedding, batch, residual);
            if (!isFinite(backend.download(residual))) {
                return OptionalInt.of(EMBEDDING);
            }
            ForwardPass pass = new ForwardPass(batch, residual, rope);
            OptionalInt first = OptionalInt.empty();
            for (int i = 0; i < blocks.size(); i++) {
                // All of them run, since the batches behind this one read what they leave in the cache.
                blocks.get(i).forward(pass);
                if (first.isEmpty() && !isFinite(backend.download(residual))) {
                    first = OptionalInt.of(i);
                }
            }
            return first;
        }
    }

    /** What a place that {@link #firstFault} found is called. */
    String place(int fault) {
        return fault == EMBEDDING ? "embedding" : places.get(fault);
    }

    static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
