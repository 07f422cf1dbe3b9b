package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** Texts longer than a model's sliding window, against a forward pass in FP64 that masks what the window hides. */
class SlidingWindowTest {
    /** What BF16 between the steps may come to in one of some ten thousand logits; a position too much or too few is off by more. */
    private static final float GPU_ROUNDING = 0.1f;

    private static final int ALL = Integer.MAX_VALUE;

    @TempDir
    static Path folder;

    private static Backend cpu;

    @BeforeAll
    static void open() {
        cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
    }

    @AfterAll
    static void close() {
        cpu.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 47, 48, 64})
    void mistralMasksEveryLayer(int window) {
        Checkpoint mistral = mistral(window);
        int[] ids = ConfiguredModels.ids(48);
        float[] expected = expected("mistral", ids, layer -> window);
        ConfiguredModels.assertClose(ConfiguredModels.logits(mistral, cpu, ids, 48), expected, 1e-4f);
        ConfiguredModels.assertClose(ConfiguredModels.logits(mistral, cpu, ids, 20, 21, 22, 40, 48), expected, 1e-4f);
    }

    private static Checkpoint mistral(int window) {
        return ConfiguredModels.checkpoint(folder, "mistral", "\"sliding_window\": " + window);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
            qwen2|"use_sliding_window": true, "sliding_window": 8, "max_window_layers": 1|0|8
            qwen2|"use_sliding_window": true, "sliding_window": 8, "max_window_layers": 0|8|8
            qwen2|"use_sliding_window": true, "sliding_window": 8|0|0
            qwen2|"use_sliding_window": false, "sliding_window": 8, "max_window_layers": 0|0|0
            qwen2|"use_sliding_window": true, "sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"]|8|0
            llama|"use_sliding_window": true, "sliding_window": 8, "max_window_layers": 0|0|0
            llama|"sliding_window": 8|0|0
            mistral|"sliding_window": null|0|0
            mistral|"sliding_window": 8, "use_sliding_window": false, "max_window_layers": 2|8|8
            """)
    void windowsAreWhereTheFamilyHasThem(String family, String fields, int first, int second) {
        int[] windows = {first == 0 ? ALL : first, second == 0 ? ALL : second};
        int[] ids = ConfiguredModels.ids(30);
        ConfiguredModels.assertClose(
                ConfiguredModels.logits(ConfiguredModels.checkpoint(folder, family, fields), cpu, ids, 30),
                expected(family, ids, layer -> windows[layer]),
                1e-4f);
    }

    /** The context does not end where the window does, and every new token sees as far back as the one before. */
    @Test
    void generationGoesOnBeyondTheWindow() {
        int[] prompt = ConfiguredModels.ids(20);
        int[] tokens = new int[20];
        try (Decoder decoder = Decoder.load(mistral(9), cpu)) {
            tokens = new Generator(decoder)
                    .generate(prompt, GenerationOptions.greedy(tokens.length), token -> true)
                    .ids();
        }
        assertThat(tokens).hasSizeGreaterThan(9);
        int[] text =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(tokens)).toArray();
        float[] logits = expected("mistral", text, layer -> 9);
        for (int i = 0; i < tokens.length; i++) {
            int from = (prompt.length + i - 1) * 512;
            assertThat(logits[from + tokens[i]])
                    .isGreaterThan(max(Arrays.copyOfRange(logits, from, from + 512)) - 1e-4f);
        }
    }

    @Tag("gpu")
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40, 64})
    void gpuMasksLikeTheCpu(int window) {
        GpuTest.context();
        int[] ids = ConfiguredModels.ids(100);
        float[] expected = expected("mistral", ids, layer -> window);
        try (Backend gpu = new CudaBackend(VariantChooser.DEFAULTS)) {
            ConfiguredModels.assertClose(
                    ConfiguredModels.logits(mistral(window), gpu, ids, 100), expected, GPU_ROUNDING);
            ConfiguredModels.assertClose(
                    ConfiguredModels.logits(mistral(window), gpu, ids, 60, 61, 62, 90, 100), expected, GPU_ROUNDING);
        }
    }

    private static float[] expected(String family, int[] ids, IntUnaryOperator window) {
        double[] plain = IntStream.range(0, NaiveForward.HEAD / 2)
                .mapToDouble(i -> Math.pow(10_000, -2.0 * i / NaiveForward.HEAD))
                .toArray();
        double[][] frequencies =
                IntStream.range(0, ids.length).mapToObj(i -> plain).toArray(double[][]::new);
        return ConfiguredModels.concatenated(
                new NaiveForward(ConfiguredModels.weights(family), frequencies, 1, window).logits(ids));
    }

    private static float max(float[] values) {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }
}
