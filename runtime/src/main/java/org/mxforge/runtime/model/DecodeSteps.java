package org.mxforge.runtime.model;

import java.util.List;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;

/**
 * Decoding steps: one new token for each of some sequences, sampled on the device, so that the host is told tokens alone. A step is
 * recorded once for each bucket of sequences, powers of two; smaller batches are filled up to the next one.
 */
final class DecodeSteps implements AutoCloseable {
    private final Decoder decoder;
    private final int least;
    private final int most;
    private final Batch batch;

    /** By the binary logarithm of their bucket. */
    private final RecordedStep[] steps = new RecordedStep[Integer.SIZE];

    /** Steps of {@code decoder} for at most {@code sequences} sequences in {@code cache}; to be closed before both. */
    DecodeSteps(Decoder decoder, KvCache cache, int sequences) {
        this(decoder, cache, 1, sequences);
    }

    /** The same, of {@code least} rows at least. */
    DecodeSteps(Decoder decoder, KvCache cache, int least, int sequences) {
        this.decoder = decoder;
        this.least = least;
        this.most = Math.max(least, sequences);
        this.batch = decoder.newBatch(cache, most, most);
    }

    /** Appends each part, of one token, to its sequence, and samples the token after it. */
    int[] next(List<Batch.Part> parts) {
        put(parts);
        run();
        return batch.tokens();
    }

    /** Puts the parts of the next step together, of one token each. */
    void put(List<Batch.Part> parts) {
        put(parts, bucket(Math.max(least, parts.size())));
    }

    /** The same, filled up to {@code rows} rows, or as many as there may be. */
    void put(List<Batch.Part> parts, int rows) {
        batch.put(parts, Math.min(most, rows));
    }

    /** Asks for the step that was put together. */
    void run() {
        step().replay();
    }

    /** As {@link #next}, told when its kernels ran instead of which tokens came. */
    Trace trace(List<Batch.Part> parts) {
        put(parts);
        return step().trace();
    }

    /** Most sequences of a step. */
    int most() {
        return most;
    }

    /** What is put together, and then what was sampled. */
    Batch batch() {
        return batch;
    }

    private RecordedStep step() {
        int index = Integer.numberOfTrailingZeros(bucket(batch.rows()));
        if (steps[index] == null) {
            steps[index] = newStep();
        }
        return steps[index];
    }

    private RecordedStep newStep() {
        Runnable step = () -> decoder.sample(batch);
        return decoder.isRecordable()
                ? decoder.backend().record(step)
                : RecordedStep.repeating(decoder.backend(), step);
    }

    private static int bucket(int sequences) {
        int below = Integer.highestOneBit(sequences);
        return below == sequences ? below : 2 * below;
    }

    @Override
    public void close() {
        for (RecordedStep step : steps) {
            if (step != null) {
                step.close();
            }
        }
        batch.close();
    }
}
