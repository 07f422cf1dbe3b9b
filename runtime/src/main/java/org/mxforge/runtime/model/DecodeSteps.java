package org.mxforge.runtime.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final int most;
    private final Batch batch;
    private final Workspace workspace;
    private final Map<Integer, RecordedStep> steps = new HashMap<>();

    /** Steps of {@code decoder} for at most {@code sequences} sequences in {@code cache}; to be closed before both. */
    DecodeSteps(Decoder decoder, KvCache cache, int sequences) {
        this.decoder = decoder;
        this.most = sequences;
        this.batch = decoder.newBatch(cache, sequences, sequences);
        this.workspace = decoder.newWorkspace(sequences);
    }

    /** Appends each part, of one token, to its sequence, and samples the token after it. */
    int[] next(List<Batch.Part> parts) {
        int rows = Math.min(most, bucket(parts.size()));
        batch.put(parts, rows);
        steps.computeIfAbsent(rows, any -> newStep()).replay();
        return batch.tokens();
    }

    /** As {@link #next}, told when its kernels ran instead of which tokens came. */
    Trace trace(List<Batch.Part> parts) {
        int rows = Math.min(most, bucket(parts.size()));
        batch.put(parts, rows);
        return steps.computeIfAbsent(rows, any -> newStep()).trace();
    }

    private RecordedStep newStep() {
        Runnable step = () -> decoder.sample(batch, workspace);
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
        steps.values().forEach(RecordedStep::close);
        workspace.close();
        batch.close();
    }
}
