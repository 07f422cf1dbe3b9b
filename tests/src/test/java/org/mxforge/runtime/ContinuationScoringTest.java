package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;

class ContinuationScoringTest {
    private static final int VOCABULARY = 512;

    @TempDir
    Path folder;

    private static int[] tokens(Random random, int count) {
        return random.ints(count, 0, VOCABULARY).toArray();
    }

    private static int[] join(int[] a, int... b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    /** From the logits of the whole text, the last tokens of it that the model takes. */
    private static Continuation.Score expected(Model model, Continuation continuation) {
        int[] all = join(continuation.context(), continuation.tokens());
        int most = model.folder().maxPositions() + 1;
        int[] kept = Arrays.copyOfRange(all, Math.max(0, all.length - most), all.length);
        float[] logits = model.logits(Arrays.copyOf(kept, kept.length - 1));
        double sum = 0;
        boolean greedy = true;
        for (int i = kept.length - continuation.tokens().length; i < kept.length; i++) {
            int from = (i - 1) * VOCABULARY;
            double exponentials = 0;
            for (int id = 0; id < VOCABULARY; id++) {
                exponentials += Math.exp(logits[from + id]);
                greedy &= logits[from + id] <= logits[from + kept[i]];
            }
            sum += logits[from + kept[i]] - Math.log(exponentials);
        }
        return new Continuation.Score(sum, greedy);
    }

    private static TreeMap<Integer, List<Continuation.Score>> score(Model model, List<List<Continuation>> groups) {
        TreeMap<Integer, List<Continuation.Score>> scores = new TreeMap<>();
        model.score(groups, scores::put);
        return scores;
    }

    /** Groups of all kinds: one context, contexts that differ at the end or from the begin, one token, longer than the model takes. */
    @Test
    void scoresAreThoseOfTheLogits() {
        try (ServedModel served = ServedModel.open(folder)) {
            Model model = served.model();
            Random random = new Random(1);
            List<List<Continuation>> groups = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int[] shared = tokens(random, 1 + random.nextInt(60));
                List<Continuation> group = new ArrayList<>();
                for (int j = 0; j < 1 + random.nextInt(4); j++) {
                    int[] context = i % 3 == 0 ? join(shared, tokens(random, random.nextInt(3))) : shared;
                    group.add(new Continuation(i % 7 == 0 ? tokens(random, 5) : context, tokens(random, 1 + i % 5)));
                }
                groups.add(group);
            }
            int positions = model.folder().maxPositions();
            int[] tooLong = tokens(random, positions + 9);
            groups.add(List.of(
                    new Continuation(tooLong, tokens(random, 3)), new Continuation(tooLong, tokens(random, 6))));
            int[] start = tokens(random, 4);
            float[] logits = model.logits(start);
            int best = 0;
            for (int id = 0; id < VOCABULARY; id++) {
                best = logits[3 * VOCABULARY + id] > logits[3 * VOCABULARY + best] ? id : best;
            }
            groups.add(List.of(new Continuation(start, new int[] {best})));
            TreeMap<Integer, List<Continuation.Score>> scores = score(model, groups);
            assertThat(scores).hasSize(groups.size());
            assertThat(scores.get(groups.size() - 1).get(0).greedy()).isTrue();
            for (int i = 0; i < groups.size(); i++) {
                for (int j = 0; j < groups.get(i).size(); j++) {
                    Continuation.Score expected = expected(model, groups.get(i).get(j));
                    assertThat(scores.get(i).get(j).logLikelihood())
                            .as("group %d, continuation %d", i, j)
                            .isCloseTo(expected.logLikelihood(), within(1e-4));
                    assertThat(scores.get(i).get(j).greedy()).isEqualTo(expected.greedy());
                }
            }
        }
    }

    /** More of them than are read together, some of which are the begin of others, and one that only begins like them. */
    @Test
    void questionsAfterTheSameExamplesAreScoredAsAlone() {
        try (ServedModel served = ServedModel.open(folder)) {
            Model model = served.model();
            Random random = new Random(2);
            int[] examples = tokens(random, 40);
            List<List<Continuation>> groups = new ArrayList<>();
            for (int i = 0; i < 37; i++) {
                int[] question = join(examples, tokens(random, i % 9));
                groups.add(List.of(
                        new Continuation(question, tokens(random, 1)), new Continuation(question, tokens(random, 1))));
            }
            groups.add(
                    List.of(new Continuation(join(Arrays.copyOf(examples, 9), tokens(random, 30)), tokens(random, 3))));
            TreeMap<Integer, List<Continuation.Score>> scores = score(model, groups);
            assertThat(scores).hasSize(groups.size());
            for (int i = 0; i < groups.size(); i++) {
                List<Continuation.Score> alone =
                        score(model, List.of(groups.get(i))).get(0);
                for (int j = 0; j < alone.size(); j++) {
                    assertThat(scores.get(i).get(j).logLikelihood())
                            .as("group %d, continuation %d", i, j)
                            .isCloseTo(alone.get(j).logLikelihood(), within(1e-5));
                    assertThat(scores.get(i).get(j).greedy())
                            .isEqualTo(alone.get(j).greedy());
                }
            }
        }
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        try (ServedModel served = ServedModel.open(folder)) {
            Model model = served.model();
            assertThat(score(model, List.of())).isEmpty();
            assertThatThrownBy(() -> score(model, List.of(List.of())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("empty");
            List<List<Continuation>> foreign =
                    List.of(List.of(new Continuation(new int[] {VOCABULARY}, new int[] {1})));
            assertThatThrownBy(() -> score(model, foreign)).isInstanceOf(MxForgeException.class);
            int[] many = new int[model.folder().maxPositions() + 1];
            List<List<Continuation>> longer = List.of(List.of(new Continuation(new int[] {1}, many)));
            assertThatThrownBy(() -> score(model, longer))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("longer than the model's context");
        }
        assertThatThrownBy(() -> new Continuation(new int[0], new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
