package org.mxforge.runtime.model;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.ModelConfig;

/** The last norm and the projection to the vocabulary, a bounded number of rows at a time. */
final class OutputHead implements AutoCloseable {
    private static final int MAX_LOGITS = 1 << 22;

    private final Backend backend;
    private final LinearInput.Step norm;
    private final Linear projection;
    private final int chunk;
    private final Matrix rows;
    private final Matrix logits;

    /** {@code table} is the embedding table, [vocabulary][hidden], which tied models project with. */
    OutputHead(LayerLoader loader, ScalarArray table) {
        ModelConfig config = loader.config();
        backend = loader.backend();
        norm = new LinearInput.Step.RmsNorm(loader.norm(config.norm()), config.epsilon());
        ScalarArray weight = config.tiedEmbeddings() ? table : loader.table(config.outputHead());
        projection = backend.linear(weight, config.vocabulary(), config.hidden(), null);
        int most = Math.min(Decoder.MAX_ROWS, MAX_LOGITS / config.vocabulary());
        // In fours, as a batch's outputs are sampled.
        chunk = Math.max(4, most / 4 * 4);
        rows = backend.fp32(chunk, config.hidden());
        logits = backend.fp32(chunk, config.vocabulary());
    }

    /** Logits of the batch's outputs alone; the consumer's rows are counted in outputs. */
    void forward(Batch batch, Matrix residual, Decoder.LogitsConsumer consumer) {
        for (int first = 0; first < batch.outputs(); first += chunk) {
            int count = Math.min(chunk, batch.outputs() - first);
            Matrix out = logits.first(count);
            backend.gatherOutputs(residual, batch, first, rows.first(count));
            try (LinearInput input = backend.input(projection, norm, rows.first(count))) {
                backend.linear(projection, input, Epilogue.NONE, null, out);
            }
            consumer.accept(out, first);
        }
    }

    @Override
    public void close() {
        rows.close();
        logits.close();
    }
}
