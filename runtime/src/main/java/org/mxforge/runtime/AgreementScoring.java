package org.mxforge.runtime;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;

/** Runs two models over one text together, and compares their logits on the host as they come. */
final class AgreementScoring {
    /** Logits of one model that are on the host together: 128 MiB. */
    private static final int MOST_LOGITS = 1 << 25;

    private final Decoder model;
    private final Decoder reference;
    private final Perplexity perplexity;
    private final int rows;
    private double nll;
    private double referenceNll;
    private double kl;
    private double klSquares;
    private long same;

    AgreementScoring(Decoder model, Decoder reference, Perplexity perplexity) {
        this.model = model;
        this.reference = reference;
        this.perplexity = perplexity;
        this.rows = Math.max(2, MOST_LOGITS / model.config().vocabulary());
    }

    /** What a position comes to. */
    private record Position(double nll, double referenceNll, double kl, boolean same) {}

    Agreement run(int[] ids, LongConsumer progress) {
        int window = perplexity.window();
        int windows = perplexity.windowsOf(ids.length);
        long start = System.nanoTime();
        try (KvCache cache = model.newCache(1, window);
                KvCache referenceCache = reference.newCache(1, window)) {
            for (int i = 0; i < windows; i++) {
                compare(cache, referenceCache, Arrays.copyOfRange(ids, i * window, (i + 1) * window));
                progress.accept((long) (i + 1) * window);
            }
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        long tokens = perplexity.scored(ids.length);
        double variance = klSquares / tokens - kl / tokens * (kl / tokens);
        return new Agreement(
                new TextScore(window, windows, tokens, nll / tokens, time),
                new TextScore(window, windows, tokens, referenceNll / tokens, time),
                kl / tokens,
                Math.sqrt(Math.max(0, variance) / tokens),
                (double) same / tokens);
    }

    private void compare(KvCache cache, KvCache referenceCache, int... ids) {
        try (KvCache.Sequence text = cache.open();
                KvCache.Sequence referenceText = referenceCache.open()) {
            for (int from = 0; from < ids.length - 1; from += rows) {
                int to = Math.min(ids.length - 1, from + rows);
                int[] read = Arrays.copyOfRange(ids, from, to);
                float[] logits = logits(model, text, read);
                float[] wanted = logits(reference, referenceText, read);
                int first = from;
                // Added up in order, so that runs repeat.
                IntStream.range(0, read.length)
                        .parallel()
                        .mapToObj(row -> position(logits, wanted, row, ids[first + row + 1]))
                        .toList()
                        .forEach(this::add);
            }
        }
    }

    private static float[] logits(Decoder decoder, KvCache.Sequence text, int... ids) {
        int vocabulary = decoder.config().vocabulary();
        float[] all = new float[Math.multiplyExact(ids.length, vocabulary)];
        decoder.logits(text, ids, ids.length, (logits, firstRow) -> {
            float[] some = decoder.download(logits, ids);
            System.arraycopy(some, 0, all, firstRow * vocabulary, some.length);
        });
        return all;
    }

    private Position position(float[] logits, float[] wanted, int row, int target) {
        int vocabulary = model.config().vocabulary();
        int from = row * vocabulary;
        int top = best(logits, from, vocabulary);
        int wantedTop = best(wanted, from, vocabulary);
        double sum = logSum(logits, from, vocabulary, logits[top]);
        double wantedSum = logSum(wanted, from, vocabulary, wanted[wantedTop]);
        double divergence = 0;
        for (int i = from; i < from + vocabulary; i++) {
            double likely = wanted[i] - wantedSum;
            divergence += Math.exp(likely) * (likely - (logits[i] - sum));
        }
        return new Position(
                sum - logits[from + target], wantedSum - wanted[from + target], divergence, top == wantedTop);
    }

    private static int best(float[] logits, int from, int count) {
        int best = from;
        for (int i = from; i < from + count; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static double logSum(float[] logits, int from, int count, float most) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(logits[i] - most);
        }
        return most + Math.log(sum);
    }

    private void add(Position position) {
        nll += position.nll;
        referenceNll += position.referenceNll;
        kl += position.kl;
        klSquares += position.kl * position.kl;
        same += position.same ? 1 : 0;
    }
}
