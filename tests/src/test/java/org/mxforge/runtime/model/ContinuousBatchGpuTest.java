package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.SchedulerOptions;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.tests.gpu.GpuTest;

/** Texts that come and go on the GPU, where a token is the most likely one up to rounding, whatever is beside its text. */
@Tag("gpu")
class ContinuousBatchGpuTest {
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

    /** Rounding decides which code a value gets, and with four bits that moves logits by more. */
    @ParameterizedTest
    @CsvSource({"bf16,0.001,0.05", "mxfp8,0.01,1", "mxfp4,0.1,3"})
    void tokensAreTheMostLikelyOnesUpToRounding(String recipe, double meanGap, double largestGap) {
        Checkpoint demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
        Checkpoint checkpoint = recipe.equals("bf16")
                ? demo
                : new QuantizationPlan(Recipe.parse(recipe), demo, Optional.empty()).inMemory();
        int[][] prompts = prompts(demo);
        try (Decoder decoder = Decoder.load(checkpoint, gpu)) {
            int[][] together = run(decoder, prompts);
            DoubleSummaryStatistics gaps = new DoubleSummaryStatistics();
            for (int i = 0; i < TEXTS; i++) {
                gaps.combine(gaps(decoder, prompts[i], together[i]));
            }
            assertThat(gaps.getCount()).isGreaterThan(TEXTS * 10);
            assertThat(gaps.getAverage()).as("mean gap").isLessThan(meanGap);
            assertThat(gaps.getMax()).as("largest gap").isLessThan(largestGap);
        }
    }

    /** In recorded steps kernels begin while those before them still run, and wait for them; as they are asked for, they do not. */
    @ParameterizedTest
    @ValueSource(strings = {"bf16", "mxfp4"})
    void kernelsThatOverlapComputeTheSame(String recipe) {
        Checkpoint demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
        Checkpoint checkpoint = recipe.equals("bf16")
                ? demo
                : new QuantizationPlan(Recipe.parse(recipe), demo, Optional.empty()).inMemory();
        int[][] prompts = prompts(demo);
        int[][] overlapped;
        try (Decoder decoder = Decoder.load(checkpoint, gpu)) {
            overlapped = run(decoder, prompts);
            assertThat(run(decoder, prompts)).isDeepEqualTo(overlapped);
        }
        try (Decoder decoder = Decoder.load(checkpoint, inOrder(gpu))) {
            assertThat(run(decoder, prompts)).isDeepEqualTo(overlapped);
        }
    }

    /** {@code backend}, whose steps are asked for kernel by kernel each time. */
    private static Backend inOrder(Backend backend) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> method.getName().equals("record")
                        ? RecordedStep.repeating(backend, (Runnable) arguments[0])
                        : method.invoke(backend, arguments));
    }

    private static int[][] prompts(Checkpoint demo) {
        int[] words = demo.tokenizer().encode(BundledModel.evaluationText());
        Random random = new Random(3);
        return IntStream.range(0, TEXTS)
                .mapToObj(i -> {
                    int from = random.nextInt(words.length - 200);
                    return Arrays.copyOfRange(words, from, from + 1 + random.nextInt(190));
                })
                .toArray(int[][]::new);
    }

    /** By how much the logits of written tokens are below the largest ones, when the whole text is read alone. */
    private DoubleSummaryStatistics gaps(Decoder decoder, int[] prompt, int[] written) {
        int[] all =
                IntStream.concat(Arrays.stream(prompt), Arrays.stream(written)).toArray();
        int vocabulary = decoder.config().vocabulary();
        DoubleSummaryStatistics gaps = new DoubleSummaryStatistics();
        decoder.logits(all, (logits, first) -> {
            float[] rows = gpu.download(logits);
            for (int row = 0; row < logits.rows(); row++) {
                int next = first + row + 1;
                if (next >= prompt.length && next < all.length) {
                    float best = Float.NEGATIVE_INFINITY;
                    for (int token = 0; token < vocabulary; token++) {
                        best = Math.max(best, rows[row * vocabulary + token]);
                    }
                    gaps.accept(best - rows[row * vocabulary + all[next]]);
                }
            }
        });
        return gaps;
    }

    private static int[][] run(Decoder decoder, int[][] prompts) {
        int[][] written = new int[prompts.length][];
        try (ContinuousBatch<Integer> texts = new ContinuousBatch<>(decoder, OPTIONS)) {
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
                for (ContinuousBatch<Integer>.Text text : List.copyOf(texts.sampled())) {
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
