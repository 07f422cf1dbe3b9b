package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;

/** Sequences that go through a model together come to what each comes to alone, bit for bit. */
class BatchedDecodingTest {
    private static final int[][] TEXTS = {{3, 141, 59, 26, 500, 0, 3}, {77, 191, 5}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 500}
    };

    @TempDir
    static Path folder;

    private static Backend backend;

    @BeforeAll
    static void open() {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /**
     * At least two outputs of each, since the CPU's kernels add up a single row in another order; experts, which may get a single
     * row at any time, are run by the reference.
     */
    @ParameterizedTest
    @ValueSource(strings = {"fx-llama", "fx-qwen2", "fx-mixtral"})
    void logitsOfTextsOfDifferentLengths(String name) {
        Backend backend = name.equals("fx-mixtral") ? new ReferenceBackend() : BatchedDecodingTest.backend;
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend);
                KvCache cache = decoder.newCache(3, 16);
                Batch batch = decoder.newBatch(cache, 32, 3)) {
            List<KvCache.Sequence> sequences = List.of(cache.open(), cache.open(), cache.open());
            decoder.run(sequences.get(0), Arrays.copyOf(TEXTS[0], 4));
            batch.put(List.of(
                    new Batch.Part(sequences.get(0), Arrays.copyOfRange(TEXTS[0], 4, 7), 2),
                    new Batch.Part(sequences.get(1), TEXTS[1], 3),
                    new Batch.Part(sequences.get(2), TEXTS[2], 2)));
            List<float[]> together = new ArrayList<>();
            decoder.forward(
                    batch, (logits, first) -> together.add(decoder.backend().download(logits)));
            float[] alone = concatenate(
                    logits(decoder, TEXTS[0], 2), logits(decoder, TEXTS[1], 3), logits(decoder, TEXTS[2], 2));
            assertThat(concatenate(together.toArray(float[][]::new))).isEqualTo(alone);
        }
    }

    /** A batch of few rows, which texts begin, end and are cut in. */
    @Test
    void moreTokensThanABatchHasRows() {
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-llama"), backend);
                KvCache cache = decoder.newCache(3, 16);
                Batch batch = decoder.newBatch(cache, 5, 3)) {
            int[] alone = Arrays.stream(TEXTS)
                    .mapToInt(text -> directly(decoder, text, Batch.Choice.GREEDY, 1)[0])
                    .toArray();
            List<Batch.Part> parts = Arrays.stream(TEXTS)
                    .map(text -> new Batch.Part(cache.open(), text, 1))
                    .toList();
            assertThat(decoder.sample(batch, parts)).isEqualTo(alone);
            assertThat(parts).allMatch(part -> part.sequence().length() == part.ids().length);
        }
    }

    @Test
    void outputsGoWithTheirTokens() {
        KvCache.Sequence none = null;
        List<Batch.Part> parts =
                List.of(new Batch.Part(none, new int[] {1, 2, 3, 4, 5}, 3), new Batch.Part(none, new int[] {6}, 0));
        List<List<Batch.Part>> lists = Batch.Part.inRows(parts, 2);
        assertThat(lists)
                .extracting(list -> list.stream()
                        .map(part -> Arrays.toString(part.ids()) + part.outputs())
                        .toList())
                .containsExactly(List.of("[1, 2]0"), List.of("[3, 4]2"), List.of("[5]1", "[6]0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fx-llama", "fx-mixtral"})
    void stepsOfSequencesThatJoinAndLeave(String name) {
        Batch.Choice[] choices = {
            Batch.Choice.GREEDY, new Batch.Choice(1.5f, 0.9f, 0.3f), new Batch.Choice(0.7f, 1f, 0.8f)
        };
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend);
                KvCache cache = decoder.newCache(3, 32);
                DecodeSteps steps = new DecodeSteps(decoder, cache, 3)) {
            int[][] alone = new int[3][];
            Arrays.setAll(alone, i -> directly(decoder, TEXTS[i], choices[i], 6));
            // How many take part in each step: a fourth row is filled up or not, and steps are run anew and again.
            int[] taking = {1, 3, 3, 2, 3, 3, 1};
            List<KvCache.Sequence> sequences = List.of(cache.open(), cache.open(), cache.open());
            List<List<Integer>> tokens = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 3; i++) {
                tokens.get(i).add(decoder.sample(sequences.get(i), TEXTS[i], choices[i]));
            }
            for (int count : taking) {
                List<Batch.Part> parts = IntStream.range(0, count)
                        .mapToObj(i -> {
                            List<Integer> own = tokens.get(i);
                            int[] last = {own.get(own.size() - 1)};
                            return new Batch.Part(sequences.get(i), last, 1, choices[i]);
                        })
                        .toList();
                int[] next = steps.next(parts);
                IntStream.range(0, count).forEach(i -> tokens.get(i).add(next[i]));
            }
            for (int i = 0; i < 3; i++) {
                int both = Math.min(6, tokens.get(i).size());
                assertThat(tokens.get(i).stream().limit(both).mapToInt(token -> token))
                        .containsExactly(
                                Arrays.stream(alone[i]).limit(both).boxed().toArray(Integer[]::new));
            }
        }
    }

    /** The tokens after {@code text}, one by one and without steps. */
    private static int[] directly(Decoder decoder, int[] text, Batch.Choice choice, int count) {
        int[] tokens = new int[count];
        try (KvCache cache = decoder.newCache(1, 32);
                KvCache.Sequence sequence = cache.open()) {
            tokens[0] = decoder.sample(sequence, text, choice);
            for (int i = 1; i < count; i++) {
                tokens[i] = decoder.sample(sequence, new int[] {tokens[i - 1]}, choice);
            }
        }
        return tokens;
    }

    private static float[] logits(Decoder decoder, int[] text, int outputs) {
        List<float[]> rows = new ArrayList<>();
        try (KvCache cache = decoder.newCache(1, text.length);
                KvCache.Sequence sequence = cache.open()) {
            decoder.logits(
                    sequence,
                    text,
                    outputs,
                    (logits, first) -> rows.add(decoder.backend().download(logits)));
        }
        return concatenate(rows.toArray(float[][]::new));
    }

    private static float[] concatenate(float[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
