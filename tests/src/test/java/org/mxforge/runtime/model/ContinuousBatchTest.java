package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.Recipe;

/** Texts that come and go between steps, in chunks of any size. */
class ContinuousBatchTest {
    private static final int TEXTS = 12;

    @TempDir
    static Path folder;

    private static Backend cpu;

    /** A text that is asked for, and the step before which it comes. */
    private record Asked(int step, int[] prompt, int most, GenerationOptions options) {}

    @BeforeAll
    static void open() {
        cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
    }

    @AfterAll
    static void close() {
        cpu.close();
    }

    private static SchedulerOptions room(int sequences, int context, int stepTokens) {
        return SchedulerOptions.defaults()
                .withSequences(sequences)
                .withCache(context, 3 * context)
                .withStepTokens(stepTokens);
    }

    private static List<Asked> asked(int longest) {
        Random random = new Random(5);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            int[] prompt = random.ints(1 + random.nextInt(longest), 0, 512).toArray();
            float temperature = i % 3 == 0 ? 0 : 0.5f * (i % 3);
            asked.add(new Asked(
                    2 * i,
                    prompt,
                    1 + random.nextInt(12),
                    new GenerationOptions(64, temperature, 0.95f, random.nextLong())));
        }
        return asked;
    }

    /** What each text gets, all of them in one run. */
    private static int[][] together(Decoder decoder, SchedulerOptions options, List<Asked> asked) {
        int[][] written = new int[asked.size()][];
        try (ContinuousBatch<Integer> texts = new ContinuousBatch<>(decoder, options)) {
            int all = texts.freeTokens();
            int came = 0;
            int running = 0;
            for (int step = 0; came < asked.size() || running > 0; step++) {
                while (came < asked.size()
                        && asked.get(came).step() <= step
                        && running < options.sequences()
                        && texts.hasRoom(asked.get(came).prompt().length
                                + asked.get(came).most())) {
                    Asked next = asked.get(came);
                    texts.add(came++, next.prompt(), next.most(), next.options());
                    running++;
                }
                if (texts.ask()) {
                    texts.await();
                    for (ContinuousBatch<Integer>.Text text : texts.sampled()) {
                        if (text.isOver()) {
                            written[text.owner()] = text.written();
                            texts.remove(text);
                            running--;
                        }
                    }
                }
            }
            assertThat(texts.freeTokens()).isEqualTo(all).isEqualTo(texts.cacheTokens());
        }
        return written;
    }

    private static void assertAsAlone(Decoder decoder, SchedulerOptions together, SchedulerOptions alone, int longest) {
        List<Asked> asked = asked(longest);
        int[][] written = together(decoder, together, asked);
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            Asked now = new Asked(0, one.prompt(), one.most(), one.options());
            assertThat(written[i]).as("text %d", i).isEqualTo(together(decoder, alone, List.of(now))[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({"fx-llama,7", "fx-llama,40", "fx-qwen2,16", "fx-qwen3,40"})
    void aTextGetsTheTokensThatItGetsAlone(String name, int stepTokens) {
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), cpu)) {
            assertAsAlone(decoder, room(5, 80, stepTokens), room(1, 80, 80), 60);
        }
    }

    /** Rows beyond one tile, of which a last one would be alone if they were not shared evenly. */
    @Test
    void quantizedTooInStepsOfSeveralTiles() {
        Checkpoint plain = Fixtures.checkpoint("fx-llama");
        Checkpoint quantized = new QuantizationPlan(Recipe.parse("mxfp4"), plain, Optional.empty()).inMemory();
        try (Decoder decoder = Decoder.load(quantized, cpu)) {
            assertAsAlone(decoder, room(5, 256, 129), room(1, 256, 256), 240);
        }
    }

    /** The reference adds up every row alike, and so both ways of generating agree. */
    @ParameterizedTest
    @CsvSource({"fx-mixtral,40", "fx-llama,9"})
    void aTextGetsTheTokensThatTheGeneratorGives(String name, int stepTokens) {
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), new ReferenceBackend())) {
            assertAsGenerated(decoder, stepTokens, 20);
        }
    }

    /** Prompts beyond the 32 positions of the training have frequencies of their own, and are read alone. */
    @Test
    void promptsWithFrequenciesOfTheirOwn() {
        String dynamic = "\"max_position_embeddings\": 32, \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4.0}";
        Checkpoint model = ConfiguredModels.checkpoint(folder, "llama", dynamic);
        try (Decoder decoder = Decoder.load(model, new ReferenceBackend())) {
            assertAsGenerated(decoder, 16, 70);
        }
    }

    private static void assertAsGenerated(Decoder decoder, int stepTokens, int longest) {
        List<Asked> asked = asked(longest);
        int[][] written = together(decoder, room(4, 100, stepTokens), asked);
        for (int i = 0; i < asked.size(); i++) {
            Asked one = asked.get(i);
            GenerationOptions options = one.options();
            GenerationOptions bounded =
                    new GenerationOptions(one.most(), options.temperature(), options.topP(), options.seed());
            Generator.Written alone = new Generator(decoder).generate(one.prompt(), bounded, token -> true);
            assertThat(written[i]).as("text %d", i).isEqualTo(alone.ids());
        }
    }

    /** A step that fails is taken back: those that were written go on as if nothing had been. */
    @Test
    void aFailedStepIsPutDownToThoseThatWereRead() {
        FailingBackend failing = new FailingBackend(new ReferenceBackend());
        List<Asked> asked = asked(20);
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-llama"), failing.backend());
                ContinuousBatch<Integer> texts = new ContinuousBatch<>(decoder, room(4, 100, 16))) {
            Asked first = asked.get(1);
            ContinuousBatch<Integer>.Text writing = texts.add(1, first.prompt(), 12, first.options());
            while (texts.sampled().isEmpty()) {
                step(texts);
            }
            texts.add(2, asked.get(2).prompt(), 5, asked.get(2).options());
            failing.failAt("attention");
            assertThatThrownBy(texts::ask).isInstanceOf(MxForgeException.class);
            List<ContinuousBatch<Integer>.Text> causes = texts.undo();
            assertThat(causes).extracting(ContinuousBatch.Text::owner).containsExactly(2);
            causes.forEach(texts::remove);
            while (!writing.isOver()) {
                step(texts);
            }
            GenerationOptions options = first.options();
            int[] alone = new Generator(decoder)
                    .generate(
                            first.prompt(),
                            new GenerationOptions(12, options.temperature(), options.topP(), options.seed()),
                            token -> true)
                    .ids();
            assertThat(writing.written()).isEqualTo(alone);

            texts.remove(writing);
            texts.add(3, asked.get(3).prompt(), 5, asked.get(3).options());
            while (texts.sampled().isEmpty()) {
                step(texts);
            }
            failing.failAt("attention");
            assertThatThrownBy(texts::ask).isInstanceOf(MxForgeException.class);
            assertThat(texts.undo()).extracting(ContinuousBatch.Text::owner).containsExactly(3);
        }
    }

    private static void step(ContinuousBatch<Integer> texts) {
        texts.ask();
        texts.await();
    }

    @Test
    void everyStepCanBeTriedBefore() {
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-llama"), cpu);
                ContinuousBatch<Integer> texts = new ContinuousBatch<>(decoder, room(5, 16, 40))) {
            texts.tune();
            assertThat(texts.freeTokens()).isEqualTo(texts.cacheTokens());
        }
    }
}
