package org.mxforge.runtime.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;

/** A workload on a decoder, in memory that all its runs share, so that none of them takes any or records a step but the first. */
final class WorkloadRun {
    private static final long SEED = 1;

    private final Decoder decoder;
    private final Workload load;
    private final KvCache cache;
    private final Batch prompts;
    private final DecodeSteps steps;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private OptionalLong mostMemory = OptionalLong.empty();

    /**
     * A workload of {@code decoder}.
     *
     * @param cache with room for its sequences
     * @param prompts a batch that their prompts go through in
     * @param steps for as many sequences
     */
    WorkloadRun(Decoder decoder, Workload load, KvCache cache, Batch prompts, DecodeSteps steps) {
        this.decoder = decoder;
        this.load = load;
        this.cache = cache;
        this.prompts = prompts;
        this.steps = steps;
    }

    /** When the kernels of a prefill and of a step after it ran. */
    record Traces(Trace prefill, Trace step) {}

    /** Reads new random tokens and continues them; the nanoseconds of both. */
    Generator.Pass pass() {
        List<KvCache.Sequence> texts = open();
        List<Batch.Part> parts = prompts(texts);
        decoder.backend().synchronize();
        long start = System.nanoTime();
        int[] next = prefill(parts);
        long prefill = System.nanoTime() - start;
        watchMemory();
        start = System.nanoTime();
        for (int step = 0; step < load.decode(); step++) {
            next = steps.next(parts(texts, next));
            require(next, parts);
        }
        long decode = System.nanoTime() - start;
        watchMemory();
        texts.forEach(KvCache.Sequence::close);
        return new Generator.Pass(prefill, decode);
    }

    /** Reads new random tokens and continues them by one, kernel by kernel. */
    Traces trace() {
        List<KvCache.Sequence> texts = open();
        List<Batch.Part> parts = prompts(texts);
        List<Batch.Part> next = new ArrayList<>();
        Trace prefill = decoder.backend().trace(() -> next.addAll(parts(texts, prefill(parts))));
        Trace step = steps.trace(next);
        texts.forEach(KvCache.Sequence::close);
        return new Traces(prefill, step);
    }

    private List<KvCache.Sequence> open() {
        return IntStream.range(0, load.batch()).mapToObj(i -> cache.open()).toList();
    }

    private List<Batch.Part> prompts(List<KvCache.Sequence> texts) {
        return texts.stream().map(text -> new Batch.Part(text, prompt(), 1)).toList();
    }

    /** The most memory of the device that this program had taken after a part of the work, where that is known. */
    OptionalLong mostMemory() {
        return mostMemory;
    }

    private int[] prefill(List<Batch.Part> parts) {
        int[] next = decoder.sample(prompts, parts);
        require(next, parts);
        return next;
    }

    private static List<Batch.Part> parts(List<KvCache.Sequence> texts, int[] next) {
        List<Batch.Part> parts = new ArrayList<>(next.length);
        for (int i = 0; i < next.length; i++) {
            parts.add(new Batch.Part(texts.get(i), new int[] {next[i]}, 1));
        }
        return parts;
    }

    private int[] prompt() {
        return random.ints(load.prefill(), 0, decoder.config().vocabulary()).toArray();
    }

    private void require(int[] next, List<Batch.Part> prompts) {
        for (int i = 0; i < next.length; i++) {
            if (next[i] == Batch.NONE) {
                throw decoder.notFinite(prompts.get(i).ids());
            }
        }
    }

    private void watchMemory() {
        decoder.backend()
                .memory()
                .ifPresent(now -> mostMemory = OptionalLong.of(Math.max(mostMemory.orElse(0), now.own())));
    }
}
