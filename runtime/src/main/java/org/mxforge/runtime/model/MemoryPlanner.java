package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;

/** Finds out what a model will take of a device's memory: loads and runs it without a device doing anything. */
record MemoryPlanner(Checkpoint checkpoint, Backend device, CacheFormat format, int sequences, int longest) {
    Decoder.Need need() {
        try (Decoder decoder = Decoder.load(checkpoint, device, format)) {
            long weights = lasting();
            try (KvCache cache = decoder.newCache(sequences, longest)) {
                long cached = lasting() - weights;
                run(decoder, cache);
                long all = device.memory().orElseThrow().own();
                return new Decoder.Need(weights, cached, all - weights - cached);
            }
        }
    }

    /** The largest batch of prompts, logits of all its tokens included, and a step that is recorded; both keep their scratch. */
    private void run(Decoder decoder, KvCache cache) {
        int rows = (int) Math.min(Decoder.MAX_ROWS, (long) sequences * longest);
        try (Batch batch = decoder.newBatch(cache, rows, sequences);
                DecodeSteps steps = new DecodeSteps(decoder, cache, sequences)) {
            List<KvCache.Sequence> texts = new ArrayList<>();
            List<Batch.Part> prompts = new ArrayList<>();
            List<Batch.Part> next = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                texts.add(cache.open());
                int tokens = Math.max(1, Math.min(rows / sequences, longest - 1));
                prompts.add(new Batch.Part(texts.get(i), new int[tokens], tokens));
                next.add(new Batch.Part(texts.get(i), new int[1], 1));
            }
            decoder.sample(batch, prompts);
            if (longest > 1) {
                steps.next(next);
            }
        }
    }

    private long lasting() {
        Backend.Memory memory = device.memory().orElseThrow();
        return memory.own() - memory.scratch();
    }
}
