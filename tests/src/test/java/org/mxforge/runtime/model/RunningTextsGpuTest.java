package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.tests.gpu.GpuTest;

/** Texts that come and go on the GPU, where they get the tokens that they get alone up to near ties. */
@Tag("gpu")
class RunningTextsGpuTest {
    private static final int TEXTS = 24;
    private static final SchedulerOptions OPTIONS =
            SchedulerOptions.defaults().withSequences(10).withCache(256, 2048).withStepTokens(64);

    @TempDir
    Path folder;

    private Backend gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        gpu = new CudaBackend(VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "mxfp8", "mxfp4"})
    void mostTextsAreAsTheyAreAlone(String recipe) {
        Checkpoint demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
        Checkpoint checkpoint = recipe.equals("bf16")
                ? demo
                : new QuantizationPlan(Recipe.parse(recipe), demo, Optional.empty()).inMemory();
        int[] words = demo.tokenizer().encode(BundledModel.evaluationText());
        Random random = new Random(3);
        int[][] prompts = IntStream.range(0, TEXTS)
                .mapToObj(i -> {
                    int from = random.nextInt(words.length - 200);
                    return Arrays.copyOfRange(words, from, from + 1 + random.nextInt(190));
                })
                .toArray(int[][]::new);
        try (Decoder decoder = Decoder.load(checkpoint, gpu)) {
            int[][] together = run(decoder, prompts);
            long same = IntStream.range(0, TEXTS)
                    .filter(i -> Arrays.equals(together[i], run(decoder, new int[][] {prompts[i]})[0]))
                    .count();
            assertThat(same).isGreaterThanOrEqualTo(TEXTS * 3 / 4);
        }
    }

    private static int[][] run(Decoder decoder, int[][] prompts) {
        int[][] written = new int[prompts.length][];
        try (RunningTexts<Integer> texts = new RunningTexts<>(decoder, OPTIONS)) {
            int came = 0;
            int running = 0;
            while (came < prompts.length || running > 0) {
                // One comes in before each step.
                if (came < prompts.length
                        && running < OPTIONS.sequences()
                        && texts.hasRoom(prompts[came].length + 16)) {
                    texts.add(came, prompts[came], 16, GenerationOptions.greedy(16));
                    came++;
                    running++;
                }
                texts.ask();
                texts.await();
                for (RunningTexts<Integer>.Text text : List.copyOf(texts.sampled())) {
                    if (text.isOver()) {
                        written[text.owner()] = text.written();
                        texts.remove(text);
                        running--;
                    }
                }
            }
            assertThat(texts.freeTokens()).isEqualTo(texts.cacheTokens());
        }
        return written;
    }
}
