package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.Batches;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Losses;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.exec.spi.Vector;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.tests.gpu.Numbers;

/** The plain operations of the CPU backend against their definitions, in double. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuBackendTest {
    private Backend backend;

    @BeforeAll
    void open(@TempDir Path cache) {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(cache));
    }

    @AfterAll
    void close() {
        backend.close();
    }

    @Test
    void namesItsThreads() {
        assertThat(backend.device()).isEqualTo("CPU, 2 threads");
    }

    @Test
    void embedsAndGathersRows() {
        float[] values = CpuBackends.values(50 * 7, 1);
        Matrix x = CpuBackends.matrix(backend, values, 50, 7);
        assertThat(backend.download(x)).isEqualTo(values);
        Matrix some = backend.activations(3, 7);
        backend.gatherRows(x, new int[] {49, 0, 17}, some);
        assertThat(backend.download(some)).startsWith(values[49 * 7]).endsWith(values[17 * 7 + 6]);
        assertThat(backend.download(x.first(2))).hasSize(14);
    }

    @Test
    void addsActivationsToAStream() {
        float[] x = CpuBackends.values(2 * 5, 2);
        float[] y = CpuBackends.values(2 * 5, 3);
        Matrix sum = CpuBackends.matrix(backend, y, 2, 5);
        backend.add(CpuBackends.matrix(backend, x, 2, 5), sum);
        for (int i = 0; i < 10; i++) {
            assertThat(backend.download(sum)[i]).isEqualTo(y[i] + x[i]);
        }
    }

    @Test
    void scattersRowsBackWithTheirWeights() {
        float[] x = CpuBackends.values(2 * 5, 2);
        float[] y = CpuBackends.values(4 * 5, 3);
        Matrix sum = CpuBackends.matrix(backend, y, 4, 5);
        backend.scatterAddRows(CpuBackends.matrix(backend, x, 2, 5), new int[] {3, 1}, new float[] {0.5f, 2f}, sum);
        float[] result = backend.download(sum);
        for (int i = 0; i < 5; i++) {
            assertThat(result[i]).isEqualTo(y[i]);
            assertThat(result[15 + i]).isEqualTo(y[15 + i] + 0.5f * x[i]);
            assertThat(result[5 + i]).isEqualTo(y[5 + i] + 2f * x[5 + i]);
        }
    }

    @Test
    void normalisesEachHeadAsARowOfItsOwn() {
        float[] queries = CpuBackends.values(3 * 4 * 8, 4);
        Vector weight = backend.vector(CpuOperands.values(8, 5));
        Vector ofKeys = backend.vector(CpuOperands.values(8, 6));
        Matrix x = CpuBackends.matrix(backend, Numbers.sideBySide(3, queries, new float[3 * 2 * 8]), 3, 6 * 8);
        Matrix heads = backend.activations(3, 4 * 8);
        Matrix rows = CpuBackends.matrix(backend, queries, 3 * 4, 8);
        float[] ones = new float[3 * 4];
        Arrays.fill(ones, 1);
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, 1, 8, 1, 3);
                KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, 1, 3, 1)) {
            batch.put(List.of(new Batch.Part(sequence, new int[3], 0)));
            Backend.RopeTable unrotated = backend.ropeTable(ones, new float[ones.length], 3, 4);
            backend.append(batch, 0, unrotated, x, Optional.of(new HeadNorms(weight, ofKeys, 1e-5f)), heads);
        }
        backend.rmsNorm(rows, weight, 1e-5f, rows);
        assertThat(backend.download(heads)).isEqualTo(backend.download(rows));
    }

    @Test
    void normalisesInPlaceAndOnTheWayIntoALayer() {
        float[] values = CpuBackends.values(9 * 37, 4);
        float[] weight = CpuOperands.values(37, 5);
        float[] expected = new float[values.length];
        for (int row = 0; row < 9; row++) {
            double sum = 0;
            for (int i = 0; i < 37; i++) {
                sum += (double) values[row * 37 + i] * values[row * 37 + i];
            }
            for (int i = 0; i < 37; i++) {
                expected[row * 37 + i] = (float) (values[row * 37 + i] / Math.sqrt(sum / 37 + 1e-5) * weight[i]);
            }
        }
        Matrix x = CpuBackends.matrix(backend, values, 9, 37);
        Linear layer = backend.linear(PlainWeight.of(ScalarArray.bf16(new short[37]), 1, 37), null);
        float[] fused =
                CpuBackends.plainInput(backend, layer, new LinearInput.Step.RmsNorm(backend.vector(weight), 1e-5f), x);
        backend.rmsNorm(x, backend.vector(weight), 1e-5f, x);
        assertThat(backend.download(x)).containsExactly(expected, within(1e-5f));
        assertThat(fused).isEqualTo(backend.download(x));
    }

    @Test
    void gatesOnTheWayIntoALayer() {
        float[] gate = CpuBackends.values(3 * 6, 6);
        float[] up = CpuBackends.values(3 * 6, 7);
        Linear layer = backend.linear(PlainWeight.of(ScalarArray.bf16(new short[6]), 1, 6), null);
        float[] result = CpuBackends.plainInput(
                backend,
                layer,
                new LinearInput.Step.SiluMul(),
                CpuBackends.matrix(backend, Numbers.sideBySide(3, gate, up), 3, 12));
        for (int i = 0; i < result.length; i++) {
            double expected = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
            assertThat((double) result[i]).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
        }
    }

    @Test
    void rotatesHalvesByTheAngleOfTheirPosition() {
        float[] cos = CpuOperands.values(10 * 4, 8);
        float[] sin = CpuOperands.values(10 * 4, 9);
        float[] values = CpuBackends.values(3 * 2 * 8, 10);
        float[] cached = new float[3 * 2 * 8];
        Matrix x = CpuBackends.matrix(backend, Numbers.sideBySide(3, values, cached), 3, 32);
        Matrix rotated = backend.activations(3, 16);
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, 1, 8, 1, 10);
                KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, 1, 6, 1)) {
            batch.put(List.of(new Batch.Part(sequence, new int[6], 0)));
            batch.put(List.of(new Batch.Part(sequence, new int[3], 0)));
            backend.append(batch, 0, backend.ropeTable(cos, sin, 10, 4), x, Optional.empty(), rotated);
        }
        float[] result = backend.download(rotated);
        for (int row = 0; row < 3; row++) {
            for (int head = 0; head < 2; head++) {
                for (int i = 0; i < 4; i++) {
                    int low = row * 16 + head * 8 + i;
                    float c = cos[(6 + row) * 4 + i];
                    float s = sin[(6 + row) * 4 + i];
                    assertThat(result[low]).isEqualTo(values[low] * c - values[low + 4] * s);
                    assertThat(result[low + 4]).isEqualTo(values[low + 4] * c + values[low] * s);
                }
            }
        }
    }

    /** Columns of a matrix of 100. */
    private static float[] columns(float[] values, int from, int to) {
        float[] some = new float[values.length / 100 * (to - from)];
        for (int i = 0; i < some.length; i++) {
            some[i] = values[i / (to - from) * 100 + from + i % (to - from)];
        }
        return some;
    }

    @Test
    void scoresTargetsUnderEachRow() {
        float[] logits = CpuBackends.values(4 * 100, 11);
        int[] targets = {5, 0, 99, 42};
        float[] nll = Losses.of(
                backend,
                targets,
                CpuBackends.matrix(backend, columns(logits, 0, 60), 4, 60),
                CpuBackends.matrix(backend, columns(logits, 60, 100), 4, 40));
        assertThat(Losses.of(backend, targets, CpuBackends.matrix(backend, logits, 4, 100)))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(nll);
        for (int row = 0; row < 4; row++) {
            double sum = 0;
            for (int i = 0; i < 100; i++) {
                sum += Math.exp(logits[row * 100 + i]);
            }
            assertThat((double) nll[row]).isCloseTo(Math.log(sum) - logits[row * 100 + targets[row]], within(1e-5));
        }
    }

    @Test
    void choosesTheMostLikelyTokenWithTheLowestIdOnATie() {
        Matrix logits = CpuBackends.matrix(backend, new float[] {0, 0, 0, 0, 1, 3, 2, 3}, 2, 4);
        assertThat(Batches.sample(backend, logits, Batch.Choice.GREEDY)).containsExactly(0, 1);
    }

    @Test
    void drawsWithinTheMostLikelyTokensInOrderOfId() {
        // Probabilities 0.1, 0.4, 0.2, 0.3 up to BF16's rounding: top-p 0.6 keeps tokens 1 and 3, the first up to 4/7
        // of them.
        float[] p = {0.1f, 0.4f, 0.2f, 0.3f};
        float[] values = new float[4];
        for (int i = 0; i < 4; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits((float) Math.log(p[i])) & 0xffff0000);
        }
        Matrix logits = CpuBackends.matrix(backend, values, 1, 4);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 0.6f, 0f)))
                .containsExactly(1);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 0.6f, 0.55f)))
                .containsExactly(1);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 0.6f, 0.6f)))
                .containsExactly(3);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 0.6f, 0.999f)))
                .containsExactly(3);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 1f, 0.05f)))
                .containsExactly(0);
        assertThat(Batches.sample(backend, logits, new Batch.Choice(1f, 1f, 0.6f)))
                .containsExactly(2);
        // A low temperature leaves the most likely token alone.
        assertThat(Batches.sample(backend, logits, new Batch.Choice(0.01f, 0.9f, 0.99f)))
                .containsExactly(1);
    }

    @Test
    void refusesShapesThatDoNotFit() {
        Linear layer = backend.linear(PlainWeight.of(ScalarArray.bf16(new short[6]), 2, 3), null);
        Matrix x = backend.activations(4, 3);
        Matrix out = backend.activations(4, 2);
        var input = backend.input(layer, new LinearInput.Step.None(), x);
        assertThatThrownBy(() -> backend.input(layer, new LinearInput.Step.None(), out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4x2 where 4x3");
        assertThatThrownBy(() -> backend.linear(layer, input, Epilogue.NONE, null, x))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.linear(layer, input, Epilogue.BIAS, null, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.linear(layer, input, Epilogue.RESIDUAL, null, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.linear(layer, input, Epilogue.NONE, out, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Losses.of(backend, new int[] {0, 2, 1, 1}, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("target token 2");
    }
}
