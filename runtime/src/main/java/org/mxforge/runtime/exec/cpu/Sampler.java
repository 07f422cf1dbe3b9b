package org.mxforge.runtime.exec.cpu;

import java.util.stream.IntStream;
import org.mxforge.runtime.exec.spi.Batch;

/** Chooses a token from one row of logits, as {@link org.mxforge.dsl.spec.SamplingSpec} says. */
final class Sampler {
    private Sampler() {}

    static int choose(float[] logits, int begin, int count, Batch.Choice choice) {
        int best = 0;
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(logits[begin + i])) {
                return Batch.NONE;
            }
            if (logits[begin + i] > logits[begin + best]) {
                best = i;
            }
        }
        if (choice.topP() == 0) {
            return best;
        }
        float[] p = probabilities(logits, begin, count, logits[begin + best], choice.temperature());
        boolean[] kept = keep(p, choice.topP());
        return draw(p, kept, choice.uniform(), best);
    }

    private static float[] probabilities(float[] logits, int begin, int count, float max, float temperature) {
        float[] p = new float[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            p[i] = (float) Math.exp((logits[begin + i] - max) / temperature);
            sum += p[i];
        }
        for (int i = 0; i < count; i++) {
            p[i] /= (float) sum;
        }
        return p;
    }

    /** The smallest set of most likely tokens whose sum reaches {@code topP}; lower ids first among equals. */
    private static boolean[] keep(float[] p, float topP) {
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted((i, j) -> Float.compare(p[j], p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean[] kept = new boolean[p.length];
        double sum = 0;
        for (int i = 0; i < order.length && sum < topP; i++) {
            kept[order[i]] = true;
            sum += p[order[i]];
        }
        return kept;
    }

    private static int draw(float[] p, boolean[] kept, float uniform, int best) {
        double total = 0;
        for (int i = 0; i < p.length; i++) {
            total += kept[i] ? p[i] : 0;
        }
        double left = uniform * total;
        for (int i = 0; i < p.length; i++) {
            if (kept[i]) {
                left -= p[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return best;
    }
}
