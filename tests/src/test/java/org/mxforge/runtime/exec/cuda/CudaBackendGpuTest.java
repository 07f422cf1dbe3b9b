package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.Embedding;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.Backend.RecordedStep;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.BiasCheck;
import org.mxforge.runtime.exec.spi.JoinedLinearCheck;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Losses;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.tests.gpu.GpuTest;

/** The CUDA backend does what the CPU backend does, but for the rounding of its activations to BF16. */
@Tag("gpu")
class CudaBackendGpuTest {
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int HEAD = 24;
    private static final int HIDDEN = HEADS * HEAD;
    private static final int VOCABULARY = 203;
    private static final int TOKENS = 208;

    private Backend gpu;
    private Backend cpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        gpu = new CudaBackend(VariantChooser.DEFAULTS);
        cpu = new CpuBackend(1, VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
            cpu.close();
        }
    }

    /** What {@code work} gives on both, compared element by element with {@code tolerance} times the largest magnitude. */
    private void agree(double tolerance, Function<Backend, float[]> work) {
        float[] wanted = work.apply(cpu);
        float[] got = work.apply(gpu);
        assertThat(got).hasSameSizeAs(wanted);
        float largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < wanted.length; i++) {
            assertThat(got[i]).as("element %d", i).isCloseTo(wanted[i], within((float) tolerance * largest));
        }
    }

    private static float[] random(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextDouble(-1, 1)));
        }
        return values;
    }

    private static short[] bf16(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        return bits;
    }

    /** A residual stream of random values, by way of an embedding table. */
    private static Matrix residual(Backend backend, int seed, int rows, int columns) {
        int[] ids = IntStream.range(0, rows).toArray();
        Matrix matrix = backend.fp32(rows, columns);
        Batches.embed(
                backend,
                backend.embedding(PlainWeight.of(ScalarArray.bf16(bf16(random(seed, rows * columns))), rows, columns)),
                ids,
                matrix);
        return matrix;
    }

    /** Activations of random values, by way of a norm. */
    private static Matrix activations(Backend backend, int seed, int rows, int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1f);
        Matrix matrix = backend.activations(rows, columns);
        backend.rmsNorm(residual(backend, seed, rows, columns), backend.vector(ones), 1e-5f, matrix);
        return matrix;
    }

    @Test
    void embeddingIsExact() {
        agree(0, backend -> {
            Matrix out = backend.fp32(5, HIDDEN);
            Batches.embed(
                    backend,
                    backend.embedding(
                            PlainWeight.of(ScalarArray.bf16(bf16(random(1, VOCABULARY * HIDDEN))), VOCABULARY, HIDDEN)),
                    new int[] {3, 0, 202, 3, 7},
                    out);
            return backend.download(out);
        });
    }

    @Test
    void rmsNorm() {
        agree(0.01, backend -> {
            Matrix out = backend.activations(9, HIDDEN);
            backend.rmsNorm(residual(backend, 2, 9, HIDDEN), backend.vector(random(3, HIDDEN)), 1e-5f, out);
            return backend.download(out);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void plainLayersWithEveryStepAndEpilogue(int rows) {
        for (Epilogue epilogue : Epilogue.values()) {
            for (int step = 0; step < 3; step++) {
                int chosen = step;
                agree(0.02, backend -> {
                    Linear layer = backend.linear(
                            PlainWeight.of(ScalarArray.bf16(bf16(random(4, 80 * HIDDEN))), 80, HIDDEN), bias());
                    return multiply(backend, layer, chosen, epilogue, rows);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void int8LayersWithEveryStepAndEpilogue(int rows) {
        PlainWeight weight = PlainWeight.of(ScalarArray.fp32(random(4, 80 * HIDDEN)), 80, HIDDEN);
        for (Epilogue epilogue : Epilogue.values()) {
            for (int step = 0; step < 3; step++) {
                int chosen = step;
                agree(0.02, backend -> multiply(backend, backend.int8(weight, bias()), chosen, epilogue, rows));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void quantizedLayersWithEveryStepAndEpilogue(int rows) {
        QuantizedWeight weight = quantized();
        for (Epilogue epilogue : Epilogue.values()) {
            for (int step = 0; step < 3; step++) {
                int chosen = step;
                // The CPU quantizes FP32, the GPU BF16: a value near the edge of two codes may go either way.
                agree(0.04, backend -> {
                    Linear layer = backend.linear(weight, bias());
                    return multiply(backend, layer, chosen, epilogue, rows);
                });
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void biasesAreAdded(int rows) {
        BiasCheck.plainLayer(gpu, rows);
        BiasCheck.quantizedLayer(gpu, rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void layersOfOneInputAreTheSameAsOneAndApart(int rows) {
        JoinedLinearCheck.plain(gpu, rows);
        JoinedLinearCheck.quantized(gpu, rows);
        JoinedLinearCheck.apart(gpu, rows);
        JoinedLinearCheck.mixed(gpu, rows);
        JoinedLinearCheck.gated(gpu, rows, 0x1.1p-8);
    }

    /** Up to 8, where products reach 20 or so: most of these are larger than any tolerance here. */
    private static float[] bias() {
        float[] values = random(5, 80);
        for (int i = 0; i < values.length; i++) {
            values[i] *= 8;
        }
        return values;
    }

    private static QuantizedWeight quantized() {
        ChannelSplit split = ChannelSplit.parse("e2m3xe2m3:32+e4m3xe4m3:64/32");
        int[] order = new int[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            order[i] = i * 5 % HIDDEN;
        }
        InputQuantization input = new InputQuantization(split, order, ScaleRule.CEIL);
        return new QuantizedWeight(
                new ReferenceQuantizer(input, Side.WEIGHT).quantize(random(4, 80 * HIDDEN), 80), input);
    }

    private static float[] multiply(Backend backend, Linear layer, int step, Epilogue epilogue, int rows) {
        LinearInput.Step inputStep =
                switch (step) {
                    case 0 -> new LinearInput.Step.None();
                    case 1 -> new LinearInput.Step.RmsNorm(backend.vector(random(7, HIDDEN)), 1e-5f);
                    default -> new LinearInput.Step.SiluMul();
                };
        int columns = inputStep.width(HIDDEN);
        Matrix x = step == 1 ? residual(backend, 6, rows, columns) : activations(backend, 6, rows, columns);
        boolean takesMatrix = epilogue == Epilogue.RESIDUAL || epilogue == Epilogue.SILU_MUL;
        Matrix epilogueOperand = takesMatrix ? activations(backend, 9, rows, layer.outputs()) : null;
        Matrix out = backend.activations(rows, epilogue.columns(layer.outputs()));
        try (LinearInput input = backend.input(layer, inputStep, x)) {
            backend.linear(layer, input, epilogue, epilogueOperand, out);
        }
        return backend.download(out);
    }

    @Test
    void logitsAndTheResidualStreamAreFp32() {
        agree(0.01, backend -> {
            Linear head = backend.linear(
                    PlainWeight.of(ScalarArray.bf16(bf16(random(10, VOCABULARY * HIDDEN))), VOCABULARY, HIDDEN), null);
            Matrix logits = backend.fp32(3, VOCABULARY);
            Matrix stream = backend.fp32(3, VOCABULARY);
            try (LinearInput input =
                    backend.input(head, new LinearInput.Step.None(), activations(backend, 11, 3, HIDDEN))) {
                backend.linear(head, input, Epilogue.NONE, null, logits);
                backend.linear(head, input, Epilogue.NONE, null, stream);
                backend.linear(head, input, Epilogue.RESIDUAL, stream, stream);
            }
            float[] twice = backend.download(stream);
            float[] once = backend.download(logits);
            for (int i = 0; i < once.length; i++) {
                assertThat(twice[i]).isCloseTo(2 * once[i], within(1e-3f));
            }
            return once;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 7, 1})
    void attentionOverTheCacheInTwoBatches(int window) {
        agree(0.02, backend -> {
            float[] angles = random(12, 32 * HEAD / 2);
            float[] cos = new float[angles.length];
            float[] sin = new float[angles.length];
            for (int i = 0; i < angles.length; i++) {
                cos[i] = (float) Math.cos(3 * angles[i]);
                sin[i] = (float) Math.sin(3 * angles[i]);
            }
            var table = backend.ropeTable(cos, sin, 32, HEAD / 2);
            try (KvCache cache = backend.kvCache(CacheFormat.BF16, 2, KV_HEADS, HEAD, 2, 32);
                    KvCache.Sequence first = cache.open();
                    KvCache.Sequence second = cache.open();
                    Batch batch = backend.batch(cache, 1, 25, 2)) {
                batch.put(List.of(new Batch.Part(first, new int[20], 0)));
                attend(backend, table, batch, window, 13);
                batch.put(List.of(new Batch.Part(second, new int[5], 0), new Batch.Part(first, new int[3], 0)));
                return attend(backend, table, batch, window, 14);
            }
        });
    }

    private static float[] attend(Backend backend, RopeTable table, Batch batch, int window, int seed) {
        Optional<HeadNorms> norms = Optional.of(
                        new HeadNorms(backend.vector(random(3, HEAD)), backend.vector(random(4, HEAD)), 1e-5f))
                .filter(some -> window == 7);
        int rows = batch.rows();
        Matrix q = backend.activations(rows, HIDDEN);
        Matrix projected = residual(backend, seed, rows, HIDDEN + 2 * KV_HEADS * HEAD);
        Matrix out = backend.activations(rows, HIDDEN);
        for (int layer = 1; layer >= 0; layer--) {
            backend.append(batch, layer, table, projected, norms, q);
            backend.attention(q, HEADS, batch, layer, window, out);
        }
        return backend.download(out);
    }

    @Test
    void rowsAreGatheredAndScattered() {
        agree(0.01, backend -> {
            Matrix x = activations(backend, 15, 10, HIDDEN);
            Matrix stream = residual(backend, 16, 10, HIDDEN);
            Matrix some = backend.activations(3, HIDDEN);
            Matrix others = backend.fp32(2, HIDDEN);
            backend.gatherRows(x, new int[] {9, 0, 4}, some);
            backend.scatterAddRows(some, new int[] {1, 9, 2}, new float[] {0.5f, -2f, 1f}, stream);
            backend.gatherRows(stream, new int[] {9, 3}, others);
            float[] result = Arrays.copyOf(backend.download(stream), 12 * HIDDEN);
            System.arraycopy(backend.download(others), 0, result, 10 * HIDDEN, 2 * HIDDEN);
            return result;
        });
    }

    /** A step that was recorded reads what the batch holds now, in scratch memory that others do not get meanwhile. */
    @Test
    void replayedStepsEqualDirectOnes() {
        Embedding table = gpu.embedding(
                PlainWeight.of(ScalarArray.bf16(bf16(random(18, VOCABULARY * HIDDEN))), VOCABULARY, HIDDEN));
        Linear layer = gpu.linear(quantized(), bias());
        LinearInput.Step norm = new LinearInput.Step.RmsNorm(gpu.vector(random(7, HIDDEN)), 1e-5f);
        Matrix stream = gpu.fp32(4, HIDDEN);
        Matrix out = gpu.fp32(4, 80);
        try (KvCache cache = gpu.kvCache(CacheFormat.BF16, 1, 1, 8, 1, 64);
                KvCache.Sequence sequence = cache.open();
                Batch batch = gpu.batch(cache, VOCABULARY, 4, 1);
                RecordedStep step = gpu.record(() -> multiply(table, batch, layer, norm, stream, out))) {
            for (int i = 0; i < 5; i++) {
                int[] ids = {i, 7 * i, 200 - i, 50};
                batch.put(List.of(new Batch.Part(sequence, ids, 0)));
                step.replay();
                float[] replayed = gpu.download(out);
                Matrix other = activations(gpu, i, 4, HIDDEN);
                multiply(table, batch, layer, norm, stream, out);
                assertThat(replayed).isEqualTo(gpu.download(out)).doesNotContain(Float.NaN);
                other.close();
            }
        }
    }

    /** With a clock at each kernel, as they are asked for or in a graph, the same comes out. */
    @Test
    void tracesNameEveryKernel() {
        Embedding table = gpu.embedding(
                PlainWeight.of(ScalarArray.bf16(bf16(random(18, VOCABULARY * HIDDEN))), VOCABULARY, HIDDEN));
        Linear layer = gpu.linear(quantized(), bias());
        LinearInput.Step norm = new LinearInput.Step.RmsNorm(gpu.vector(random(7, HIDDEN)), 1e-5f);
        Matrix stream = gpu.fp32(4, HIDDEN);
        Matrix out = gpu.fp32(4, 80);
        try (KvCache cache = gpu.kvCache(CacheFormat.BF16, 1, 1, 8, 1, 64);
                KvCache.Sequence sequence = cache.open();
                Batch batch = gpu.batch(cache, VOCABULARY, 4, 1);
                RecordedStep step = gpu.record(() -> multiply(table, batch, layer, norm, stream, out))) {
            batch.put(List.of(new Batch.Part(sequence, new int[] {3, 1, 4, 1}, 0)));
            step.replay();
            float[] replayed = gpu.download(out);
            gpu.at("here");
            Trace direct = gpu.trace(() -> multiply(table, batch, layer, norm, stream, out));
            assertThat(direct.spans()).extracting(Trace.Span::name).containsExactly("here");
            for (Trace trace : List.of(direct, step.trace(), step.trace())) {
                assertThat(gpu.download(out)).isEqualTo(replayed);
                assertThat(trace.kernels())
                        .extracting(Trace.Kernel::name)
                        .startsWith("embedding", "mxquantize")
                        .endsWith("mxgemm");
                assertThat(trace.kernels())
                        .allMatch(
                                kernel -> kernel.micros() > 0 && kernel.place().equals("here"));
                assertThat(trace.kernels().get(1).shape()).startsWith("rows=4 columns=" + HIDDEN);
            }
        }
    }

    private void multiply(
            Embedding table, Batch batch, Linear layer, LinearInput.Step norm, Matrix stream, Matrix out) {
        gpu.embed(table, batch, stream);
        try (LinearInput input = gpu.input(layer, norm, stream)) {
            gpu.linear(layer, input, Epilogue.BIAS, null, out);
        }
    }

    @Test
    void matricesAreAdded() {
        // What is added is BF16 on the GPU and FP32 on the CPU.
        agree(4e-3, backend -> {
            Matrix stream = residual(backend, 16, 10, HIDDEN);
            backend.add(activations(backend, 15, 10, HIDDEN), stream);
            return backend.download(stream);
        });
    }

    @Test
    void crossEntropyAndChoice() {
        agree(1e-5, backend -> Losses.of(backend, new int[] {0, 202, 17, 5}, logits(backend)));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20; i++) {
            Batch.Choice choice = new Batch.Choice(0.3f, i == 0 ? 0 : 0.9f, (float) random.nextDouble(0, 0.99));
            assertThat(Batches.sample(gpu, logits(gpu), choice)).isEqualTo(Batches.sample(cpu, logits(cpu), choice));
        }
    }

    /** The same numbers on both. */
    private static Matrix logits(Backend backend) {
        Matrix logits = backend.fp32(4, TOKENS);
        Batches.embed(
                backend,
                backend.embedding(PlainWeight.of(ScalarArray.bf16(bf16(random(17, 4 * TOKENS))), 4, TOKENS)),
                new int[] {0, 1, 2, 3},
                logits);
        return logits;
    }

    /** Parts of a plain layer share its weight, in rows as in tiles. */
    @ParameterizedTest
    @ValueSource(ints = {300, 640})
    void partsOfALayerHaveItsOutputs(int outputs) {
        Linear whole =
                gpu.linear(PlainWeight.of(ScalarArray.bf16(bf16(random(4, outputs * HIDDEN))), outputs, HIDDEN), null);
        try (LinearInput input = gpu.input(whole, new LinearInput.Step.None(), activations(gpu, 5, 9, HIDDEN))) {
            Matrix all = gpu.fp32(9, outputs);
            gpu.linear(whole, input, Epilogue.NONE, null, all);
            float[] wanted = gpu.download(all);
            int first = 0;
            for (Linear part : gpu.cut(whole, 256)) {
                Matrix some = gpu.fp32(9, part.outputs());
                gpu.linear(part, input, Epilogue.NONE, null, some);
                float[] got = gpu.download(some);
                for (int i = 0; i < got.length; i++) {
                    int at = i / part.outputs() * outputs + first + i % part.outputs();
                    assertThat(got[i]).isCloseTo(wanted[at], within(1e-3f * Math.max(1, Math.abs(wanted[at]))));
                }
                first += part.outputs();
            }
            assertThat(first).isEqualTo(outputs);
        }
    }

    @Test
    void viewsShareTheirMatrix() {
        Matrix x = activations(gpu, 18, 8, HIDDEN);
        Matrix view = x.first(2);
        view.close();
        assertThat(gpu.download(view)).hasSize(2 * HIDDEN).startsWith(gpu.download(x)[0]);
        x.close();
        x.close();
        assertThatThrownBy(() -> gpu.download(x)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Linear layer = gpu.linear(PlainWeight.of(ScalarArray.bf16(bf16(random(4, 80 * HIDDEN))), 80, HIDDEN), null);
        Matrix x = activations(gpu, 19, 2, HIDDEN);
        List<ThrowingCallable> refused = List.of(
                () -> gpu.input(layer, new LinearInput.Step.None(), activations(gpu, 20, 2, 80)),
                () -> gpu.linear(
                        layer,
                        gpu.input(layer, new LinearInput.Step.None(), x),
                        Epilogue.BIAS,
                        null,
                        gpu.activations(2, 80)),
                () -> gpu.linear(
                        layer,
                        gpu.input(layer, new LinearInput.Step.None(), x),
                        Epilogue.NONE,
                        null,
                        gpu.activations(3, 80)),
                () -> gpu.gatherRows(x, new int[] {2}, gpu.activations(1, HIDDEN)),
                () -> Losses.of(gpu, new int[] {7}, gpu.fp32(1, 7)),
                () -> gpu.rmsNorm(
                        residual(gpu, 21, 2, HIDDEN), gpu.vector(new float[8]), 1e-5f, gpu.activations(2, HIDDEN)));
        for (var call : refused) {
            assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysWhichSizesItCannotRun() {
        List<ThrowingCallable> refused = List.of(
                () -> gpu.linear(PlainWeight.of(ScalarArray.bf16(new short[100]), 5, 20), null),
                () -> gpu.embedding(PlainWeight.of(ScalarArray.bf16(new short[36]), 3, 12)),
                () -> gpu.kvCache(CacheFormat.BF16, 1, 1, 20, 1, 8));
        for (var call : refused) {
            assertThatThrownBy(call).isInstanceOf(MxForgeException.class).hasMessageContaining("multiple of 8");
        }
    }
}
