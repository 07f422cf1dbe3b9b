package org.mxforge.runtime.exec.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.Linear.Weight.Cut;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Peer;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Calibrations;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.Recipe;

/** Models that two devices share, which are the CPU one after the other, against the same on one. */
class ShardedBackendTest {
    private static final int[] IDS =
            IntStream.range(0, 24).map(i -> i * 37 % 512).toArray();

    @TempDir
    static Path folder;

    private static Peer cpu;
    private static Backend two;

    @BeforeAll
    static void open() {
        cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder));
        two = new ShardedBackend(List.of(cpu.forModel(), cpu.forModel()));
    }

    @AfterAll
    static void close() {
        two.close();
        cpu.close();
    }

    private static Checkpoint checkpoint(String name, String recipe) {
        Checkpoint plain = Fixtures.checkpoint(name);
        Recipe how = Recipe.parse(recipe);
        if (recipe.equals("int8")) {
            return plain.inInt8();
        }
        Optional<CalibrationReport> calibration = how.partitioning()
                .map(partitioning -> Calibrations.random(plain.config().linearSites(), partitioning));
        return how.quantizes() ? new QuantizationPlan(how, plain, calibration).inMemory() : plain;
    }

    /** What is quantized has the same codes, so that sums alone differ, in their order, and what is rounded behind them. */
    @ParameterizedTest
    @CsvSource({
        "fx-llama, bf16, 1e-5",
        "fx-qwen2, bf16, 1e-5",
        "fx-qwen3, bf16, 1e-5",
        "fx-llama, mxfp8, 1e-5",
        "fx-qwen2, mxfp4, 1e-5",
        "fx-qwen3, mxfp4;hadamard=32, 1e-5",
        "fx-llama, micromix;granularity=32;p6=32;p8=32, 1e-5",
        "fx-qwen2, micromix;granularity=32;p6=96;p8=32, 1e-5"
    })
    void logitsAreThoseOfOneDevice(String name, String recipe, float tolerance) {
        Checkpoint model = checkpoint(name, recipe);
        List<float[]> expected = logits(model, cpu);
        List<float[]> shared = logits(model, two);
        assertThat(shared).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(shared.get(i)).as("row " + i).containsExactly(expected.get(i), within(tolerance));
        }
    }

    /** A prompt and then some single tokens, in one cache. */
    private static List<float[]> logits(Checkpoint model, Backend backend) {
        List<float[]> all = new ArrayList<>();
        try (Decoder decoder = Decoder.load(model, backend);
                KvCache cache = decoder.newCache(1, IDS.length);
                KvCache.Sequence text = cache.open()) {
            Decoder.LogitsConsumer keep =
                    (logits, row) -> all.add(decoder.backend().download(logits));
            int[] prompt = IntStream.of(IDS).limit(20).toArray();
            decoder.logits(text, prompt, prompt.length, keep);
            for (int i = prompt.length; i < IDS.length; i++) {
                decoder.logits(text, new int[] {IDS[i]}, 1, keep);
            }
        }
        return all;
    }

    @Test
    void tokensAndScoresAreThoseOfOneDevice() {
        Checkpoint model = checkpoint("fx-llama", "mxfp8");
        try (Decoder one = Decoder.load(model, cpu);
                Decoder both = Decoder.load(model, two)) {
            assertThat(written(both)).isEqualTo(written(one));
            assertThat(scores(both)).containsExactly(scores(one), within(1e-5f));
        }
    }

    private static List<Integer> written(Decoder decoder) {
        List<Integer> tokens = new ArrayList<>();
        try (KvCache cache = decoder.newCache(1, 40);
                KvCache.Sequence text = cache.open()) {
            tokens.add(decoder.sample(text, IDS, Batch.Choice.GREEDY));
            for (int i = 0; i < 12; i++) {
                tokens.add(decoder.sample(text, new int[] {tokens.get(i)}, new Batch.Choice(0.8f, 0.9f, 0.07f * i)));
            }
        }
        return tokens;
    }

    private static float[] scores(Decoder decoder) {
        try (KvCache cache = decoder.newCache(1, IDS.length);
                KvCache.Sequence text = cache.open()) {
            return decoder.nll(text, IDS, IDS);
        }
    }

    /** Whose channels are shared: each device adds what all have, in one order. */
    @Test
    void residualStreamsHaveTheSameBitsOnAll() {
        Random random = new Random(5);
        PlainWeight weight = PlainWeight.of(ScalarArray.fp32(normal(random, 24 * 64)), 24, 64);
        float[] x = normal(random, 3 * 64);
        Linear.Weight whole = new Linear.Weight.Plain(weight);
        int[] rows = IntStream.range(0, 24).toArray();
        Linear.Weight.Shared shared = new Linear.Weight.Shared(
                Cut.CHANNELS, 24, List.of(whole.share(0, 2), whole.share(1, 2)), List.of(rows, rows));
        Linear layer = two.linear(shared, null);
        try (ShardedMatrix stream = (ShardedMatrix) two.residual(3, 24);
                ShardedMatrix input = (ShardedMatrix) two.activations(3, 32)) {
            for (int device = 0; device < 2; device++) {
                fill(stream.parts().get(device), new float[3 * 24]);
                fill(input.parts().get(device), columns(x, 32 * device));
            }
            try (LinearInput prepared = two.input(layer, new LinearInput.Step.None(), input)) {
                two.linear(layer, prepared, Epilogue.RESIDUAL, stream, stream);
            }
            float[] first = cpu.download(stream.parts().get(0));
            assertThat(cpu.download(stream.parts().get(1))).isEqualTo(first);
            for (int i = 0; i < first.length; i++) {
                double sum = 0;
                for (int channel = 0; channel < 64; channel++) {
                    sum += (double) weight.values().get(i % 24 * 64 + channel) * x[i / 24 * 64 + channel];
                }
                assertThat((double) first[i]).isCloseTo(sum, within(1e-4));
            }
        }
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return values;
    }

    private static float[] columns(float[] x, int from) {
        float[] some = new float[3 * 32];
        for (int row = 0; row < 3; row++) {
            System.arraycopy(x, row * 64 + from, some, row * 32, 32);
        }
        return some;
    }

    /** There is no upload, but an embedding. */
    private static void fill(Matrix matrix, float[] values) {
        PlainWeight table = PlainWeight.of(ScalarArray.fp32(values), matrix.rows(), matrix.columns());
        Batches.embed(
                cpu, cpu.embedding(table), IntStream.range(0, matrix.rows()).toArray(), matrix);
    }

    @ParameterizedTest
    @CsvSource({
        "fx-mixtral, mxfp4, 2, the experts of fx-mixtral cannot be shared",
        "fx-llama, int8, 2, int8 has one scale for all channels of a token",
        "fx-llama, bf16, 4, 2 key/value heads of fx-llama cannot be shared by 4 GPUs",
        "fx-llama, micromix, 2, 384 channels in tiles of 128 cannot be shared by 2 GPUs"
    })
    void whatCannotBeSharedIsRefused(String name, String recipe, int count, String message) {
        Checkpoint model = checkpoint(name, recipe);
        List<Peer> peers =
                IntStream.range(0, count).mapToObj(i -> cpu.forModel()).toList();
        try (Backend devices = new ShardedBackend(peers)) {
            assertThatThrownBy(() -> Decoder.load(model, devices))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining(message);
        }
    }
}
