package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;

class GeneratorTest {
    private static final int[] PROMPT = {3, 14, 15, 92};

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-qwen2"), backend);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void sameSeedSameText() {
        GenerationOptions options = new GenerationOptions(12, 1.5f, 0.9f, 42);
        int[] first = generate(options);
        assertThat(first).hasSize(12).isEqualTo(generate(options));
        assertThat(generate(new GenerationOptions(12, 1.5f, 0.9f, 43))).isNotEqualTo(first);
    }

    @Test
    void greedyIsTheLimitOfSampling() {
        int[] greedy = generate(GenerationOptions.greedy(8));
        assertThat(generate(new GenerationOptions(8, 0, 0.5f, 7))).isEqualTo(greedy);
        assertThat(generate(new GenerationOptions(8, 1, 1e-6f, 7))).isEqualTo(greedy);
    }

    @Test
    void listenerHearsEveryTokenInOrder() {
        List<Integer> heard = new ArrayList<>();
        int[] generated = new Generator(decoder)
                .generate(PROMPT, GenerationOptions.greedy(5), heard::add)
                .ids();
        assertThat(heard.stream().mapToInt(i -> i).toArray()).isEqualTo(generated);
    }

    @Test
    void theListenerMayEndIt() {
        int[] heard = {0};
        assertThat(new Generator(decoder)
                        .generate(PROMPT, GenerationOptions.greedy(5), token -> ++heard[0] < 3)
                        .ids())
                .hasSize(3);
    }

    @Test
    void whatTheListenerDoesIsNotItsTime() {
        long start = System.nanoTime();
        Generator.Written written = new Generator(decoder).generate(PROMPT, GenerationOptions.greedy(3), token -> {
            long until = System.nanoTime() + 20_000_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return true;
        });
        assertThat(written.steps()).isEqualTo(2);
        assertThat(written.firstNanos()).isPositive();
        assertThat(written.stepNanos()).isPositive();
        assertThat(written.firstNanos() + written.stepNanos())
                .isLessThanOrEqualTo(System.nanoTime() - start - 60_000_000);
    }

    @Test
    void stopsBeforeAnEndToken() throws IOException {
        int[] free = generate(GenerationOptions.greedy(6));
        int end = free[4];
        int first = 0;
        while (free[first] != end) {
            first++;
        }
        Path fixture = Fixtures.folder("fx-qwen2");
        Files.copy(fixture.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Files.copy(fixture.resolve("config.json"), folder.resolve("config.json"));
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [" + end + "]}");
        try (Decoder ending = Decoder.load(Checkpoint.open(folder), backend)) {
            Generator.Written written =
                    new Generator(ending).generate(PROMPT, GenerationOptions.greedy(6), token -> true);
            assertThat(written.ids()).isEqualTo(java.util.Arrays.copyOf(free, first));
            assertThat(written.steps()).as("the end token took a step").isEqualTo(first);
        }
    }

    @Test
    void contextBoundsPromptAndText() {
        int[] almost = new int[254];
        assertThat(new Generator(decoder)
                        .generate(almost, GenerationOptions.greedy(50), token -> true)
                        .ids())
                .hasSize(2);
        assertThatThrownBy(
                        () -> new Generator(decoder).generate(new int[256], GenerationOptions.greedy(1), token -> true))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("the prompt has 256 tokens, but the model takes 256");
        assertThatThrownBy(
                        () -> new Generator(decoder).generate(new int[0], GenerationOptions.greedy(1), token -> true))
                .isInstanceOf(MxForgeException.class);
    }

    @Test
    void optionsAreBounded() {
        assertThatThrownBy(() -> new GenerationOptions(0, 1, 1, 0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new GenerationOptions(1, -1, 1, 0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new GenerationOptions(1, Float.NaN, 1, 0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new GenerationOptions(1, 1, 0, 0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new GenerationOptions(1, 1, 1.1f, 0)).isInstanceOf(MxForgeException.class);
    }

    private int[] generate(GenerationOptions options) {
        return new Generator(decoder).generate(PROMPT, options, token -> true).ids();
    }
}
