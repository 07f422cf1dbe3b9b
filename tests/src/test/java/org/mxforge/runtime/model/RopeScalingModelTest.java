package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** Texts beyond the context of the first training, against a forward pass in FP64 with frequencies worked out here. */
class RopeScalingModelTest {
    /** What BF16 between the steps may come to in one of some ten thousand logits; a position too much or too few is off by more. */
    private static final float GPU_ROUNDING = 0.1f;

    private static final int HEAD = NaiveForward.HEAD;
    private static final int TRAINED = 32;
    private static final String DYNAMIC = scaling("\"type\": \"dynamic\", \"factor\": 4.0");
    private static final double[] LONGER =
            IntStream.range(0, HEAD / 2).mapToDouble(i -> 1 + i / 4.0).toArray();

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

    private static String scaling(String fields) {
        return "\"max_position_embeddings\": " + TRAINED + ", \"rope_scaling\": {" + fields + "}";
    }

    @Test
    void linear() {
        Checkpoint model = llama(scaling("\"type\": \"linear\", \"factor\": 2"));
        check(model, cpu, 48, row -> plain(10_000, i -> 0.5), 1, 1e-4f, 48);
        check(model, cpu, 48, row -> plain(10_000, i -> 0.5), 1, 1e-4f, 10, 31, 32, 33, 48);
    }

    /** Pairs turn 32 / 2 pi / 10000^(2i/32) times: none 32 times, those up to the 2.83rd once. So 0 is kept, from 3 on divided. */
    @Test
    void yarn() {
        Checkpoint model = llama(scaling("\"type\": \"yarn\", \"factor\": 4"));
        double[] blended = plain(10_000, i -> 1 - 0.75 * Math.min(i / 3.0, 1));
        double sharpness = 0.1 * Math.log(4) + 1;
        check(model, cpu, 100, row -> blended, sharpness, 1e-4f, 100);
        check(model, cpu, 100, row -> blended, sharpness, 1e-4f, 32, 33, 99, 100);
    }

    /** In one piece all tokens have the frequencies for the whole, as in one forward pass of transformers. */
    @Test
    void dynamic() {
        check(llama(DYNAMIC), cpu, 32, row -> dynamic(32), 1, 1e-4f, 32);
        check(llama(DYNAMIC), cpu, 48, row -> dynamic(48), 1, 1e-4f, 48);
        check(llama(DYNAMIC), cpu, 128, row -> dynamic(128), 1, 2e-4f, 128);
    }

    /** What is in the cache stays as it was rotated; each piece has the frequencies for the text so far. */
    @Test
    void dynamicInPieces() {
        int[] cuts = {20, 31, 32, 33, 34, 50, 51, 70};
        check(llama(DYNAMIC), cpu, 70, row -> dynamic(cutAfter(row, cuts)), 1, 1e-4f, cuts);
    }

    @Test
    void longRope() {
        check(longRopeModel(), cpu, 32, row -> plain(10_000, i -> 1 / 1.5), sharpness(), 1e-4f, 32);
        check(longRopeModel(), cpu, 33, row -> longer(), sharpness(), 1e-4f, 33);
        int[] cuts = {20, 32, 33, 34, 60};
        IntFunction<double[]> inPieces = row -> row < 32 ? plain(10_000, i -> 1 / 1.5) : longer();
        check(longRopeModel(), cpu, 60, inPieces, sharpness(), 1e-4f, cuts);
    }

    /** A text that goes through in several chunks has one set of frequencies from its first token on. */
    @Test
    void chunksOfALongTextHaveTheFrequenciesOfTheWhole() {
        Checkpoint model =
                llama("\"max_position_embeddings\": 1050, \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}");
        int[] ids = ConfiguredModels.ids(2100);
        double[] frequencies = plain(10_000 * Math.pow(3, HEAD / (HEAD - 2.0)), i -> 1);
        float[] first = ConfiguredModels.concatenated(
                forward(rows(50, row -> frequencies), 1).logits(Arrays.copyOf(ids, 50)));
        float[] logits = ConfiguredModels.logits(model, cpu, ids, ids.length);
        ConfiguredModels.assertClose(Arrays.copyOf(logits, first.length), first, 1e-4f);
    }

    /** Steps of generation, which are recorded, cross the trained context. */
    @Test
    void generation() {
        for (Checkpoint model : new Checkpoint[] {llama(DYNAMIC), longRopeModel()}) {
            boolean dynamic = model.config().rope().attentionFactor() == 1;
            int[] prompt = ConfiguredModels.ids(28);
            int[] tokens;
            try (Decoder decoder = Decoder.load(model, cpu)) {
                tokens = new Generator(decoder)
                        .generate(prompt, GenerationOptions.greedy(20), token -> true)
                        .ids();
            }
            assertThat(tokens).hasSizeGreaterThan(8);
            int[] text = IntStream.concat(Arrays.stream(prompt), Arrays.stream(tokens))
                    .toArray();
            double[][] frequencies = rows(
                    text.length,
                    row -> dynamic
                            ? dynamic(Math.max(28, row + 1))
                            : row < 32 ? plain(10_000, i -> 1 / 1.5) : longer());
            double[][] logits = forward(frequencies, dynamic ? 1 : sharpness()).logits(text);
            for (int i = 0; i < tokens.length; i++) {
                double[] row = logits[prompt.length + i - 1];
                assertThat(row[tokens[i]])
                        .isGreaterThan(Arrays.stream(row).max().getAsDouble() - 1e-4);
            }
        }
    }

    @Tag("gpu")
    @Test
    void onTheGpu() {
        GpuTest.context();
        try (Backend gpu = new CudaBackend(VariantChooser.DEFAULTS)) {
            int[] cuts = {20, 31, 32, 33, 34, 50, 51, 70};
            check(llama(DYNAMIC), gpu, 70, row -> dynamic(cutAfter(row, cuts)), 1, GPU_ROUNDING, cuts);
            check(longRopeModel(), gpu, 33, row -> longer(), sharpness(), GPU_ROUNDING, 33);
        }
    }

    private static void check(
            Checkpoint model,
            Backend backend,
            int length,
            IntFunction<double[]> frequencies,
            double sharpness,
            float tolerance,
            int... cuts) {
        int[] ids = ConfiguredModels.ids(length);
        float[] expected = ConfiguredModels.concatenated(
                forward(rows(length, frequencies), sharpness).logits(ids));
        ConfiguredModels.assertClose(ConfiguredModels.logits(model, backend, ids, cuts), expected, tolerance);
    }

    private static NaiveForward forward(double[][] frequencies, double sharpness) {
        return new NaiveForward(ConfiguredModels.weights("llama"), frequencies, sharpness, layer -> Integer.MAX_VALUE);
    }

    private static double[][] rows(int length, IntFunction<double[]> frequencies) {
        return IntStream.range(0, length).mapToObj(frequencies).toArray(double[][]::new);
    }

    private static double[] plain(double theta, IntToDoubleFunction factor) {
        return IntStream.range(0, HEAD / 2)
                .mapToDouble(i -> factor.applyAsDouble(i) / Math.pow(theta, 2.0 * i / HEAD))
                .toArray();
    }

    private static double[] dynamic(int length) {
        double stretch = 4.0 * Math.max(length, TRAINED) / TRAINED - 3;
        return plain(10_000 * Math.pow(stretch, HEAD / (HEAD - 2.0)), i -> 1);
    }

    private static int cutAfter(int row, int[] cuts) {
        return Arrays.stream(cuts).filter(cut -> cut > row).findFirst().orElseThrow();
    }

    private static Checkpoint longRopeModel() {
        String shorter = Arrays.stream(LONGER).mapToObj(any -> "1.5").collect(Collectors.joining(","));
        String longer = Arrays.stream(LONGER).mapToObj(Double::toString).collect(Collectors.joining(","));
        return llama("\"max_position_embeddings\": 128, \"rope_scaling\": {\"rope_type\": \"longrope\","
                + " \"original_max_position_embeddings\": 32, \"short_factor\": [" + shorter + "], \"long_factor\": ["
                + longer + "]}");
    }

    private static double[] longer() {
        return plain(10_000, i -> 1 / LONGER[i]);
    }

    private static double sharpness() {
        return Math.sqrt(1 + Math.log(4) / Math.log(32));
    }

    private static Checkpoint llama(String fields) {
        return ConfiguredModels.checkpoint(folder, "llama", fields);
    }
}
