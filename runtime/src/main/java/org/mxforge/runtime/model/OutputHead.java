package org.mxforge.runtime.model;

import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.InputStep;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.model.family.ModelConfig;

/** The last norm and the projection to the vocabulary, a bounded number of rows at a time. */
final class OutputHead implements AutoCloseable {
    private static final int MAX_LOGITS = 1 << 22;

    private final Backend backend;
    private final InputStep norm;
    private final Linear projection;
    private final int chunk;
    private final Matrix rows;
    private final Matrix logits;

    /** {@code table} is the embedding table, [vocabulary][hidden], which tied models project with. */
    OutputHead(LayerLoader loader, short[] table) {
        ModelConfig config = loader.config();
        backend = loader.backend();
        norm = new InputStep.RmsNorm(loader.norm(config.norm()), config.epsilon());
        short[] weight = config.tiedEmbeddings() ? table : loader.table(config.outputHead());
        projection = backend.linear(weight, config.vocabulary(), config.hidden(), null);
        chunk = Math.max(1, Math.min(Decoder.MAX_ROWS, MAX_LOGITS / config.vocabulary()));
        rows = backend.wide(chunk, config.hidden());
        logits = backend.wide(chunk, config.vocabulary());
    }

    /** Logits of rows {@code from} to {@code to} of {@code residual}; the consumer's rows are counted from {@code base}. */
    void forward(Matrix residual, int from, int to, int base, LogitsConsumer consumer) {
        for (int first = from; first < to; first += chunk) {
            int count = Math.min(chunk, to - first);
            Matrix out = logits.first(count);
            backend.gatherRows(residual, IntStream.range(first, first + count).toArray(), rows.first(count));
            try (LinearInput input = backend.input(projection, norm, rows.first(count))) {
                backend.linear(projection, input, Epilogue.NONE, null, out);
            }
            consumer.accept(out, base + first);
        }
    }

    @Override
    public void close() {
        rows.close();
        logits.close();
    }
}
