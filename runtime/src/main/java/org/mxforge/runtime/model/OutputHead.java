package org.mxforge.runtime.model;

import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.ModelConfig;
import org.mxforge.runtime.quant.PlainWeight;

/** The last norm and the projection to the vocabulary, a bounded number of rows at a time. */
final class OutputHead {
    /** In 128 MiB. */
    private static final int MAX_LOGITS = 1 << 25;

    /** The same where they are only summed up, so that they need not leave the processor's cache. */
    private static final int MAX_SCORES = 1 << 22;

    /** Tokens of the vocabulary that are looked at together at least. */
    private static final int PART = 128;

    private final Backend backend;
    private final LinearInput.Step norm;
    private final Linear projection;
    private final ModelConfig config;
    private final int chunk;

    /** {@code table} is the embedding table, [vocabulary][hidden], which tied models project with. */
    OutputHead(LayerLoader loader, PlainWeight table) {
        config = loader.config();
        backend = loader.backend();
        norm = new LinearInput.Step.RmsNorm(loader.norm(config.norm()), config.epsilon());
        PlainWeight weight = config.tiedEmbeddings() ? table : loader.table(config.outputHead());
        projection = backend.linear(weight, null);
        int most = Math.min(Decoder.MAX_ROWS, MAX_LOGITS / config.vocabulary());
        // In fours, as a batch's outputs are sampled.
        chunk = Math.max(4, most / 4 * 4);
    }

    /** Logits of the batch's outputs alone; the consumer's rows are counted in outputs. */
    void forward(Batch batch, Matrix residual, Decoder.LogitsConsumer consumer) {
        for (int first = 0; first < batch.outputs(); first += chunk) {
            int count = Math.min(chunk, batch.outputs() - first);
            try (Matrix logits = backend.fp32(count, config.vocabulary())) {
                project(batch, residual, first, logits);
                consumer.accept(logits, first);
            }
        }
    }

    /**
     * How likely {@code targets} are after each of the batch's outputs: the logits of some tokens of the vocabulary at a time.
     */
    CrossEntropy.Scores scores(Batch batch, Matrix residual, int[] targets) {
        if (targets.length == 0) {
            return new CrossEntropy.Scores(new float[0], new boolean[0]);
        }
        int part = Math.max(PART, MAX_SCORES / targets.length / PART * PART);
        try (Matrix rows = backend.fp32(targets.length, config.hidden());
                CrossEntropy scores = backend.crossEntropy(targets)) {
            backend.gatherOutputs(residual, batch, 0, rows);
            try (LinearInput input = backend.input(projection, norm, rows)) {
                int first = 0;
                for (Linear tokens : backend.cut(projection, part)) {
                    try (Matrix logits = backend.fp32(targets.length, tokens.outputs())) {
                        backend.linear(tokens, input, Epilogue.NONE, null, logits);
                        scores.add(logits, first);
                    }
                    first += tokens.outputs();
                }
            }
            return scores.scores();
        }
    }

    private void project(Batch batch, Matrix residual, int first, Matrix logits) {
        try (Matrix rows = backend.fp32(logits.rows(), config.hidden())) {
            backend.gatherOutputs(residual, batch, first, rows);
            try (LinearInput input = backend.input(projection, norm, rows)) {
                backend.linear(projection, input, Epilogue.NONE, null, logits);
            }
        }
    }
}
