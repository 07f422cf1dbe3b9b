package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cpu.Silu;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.BiasCheck;
import org.mxforge.runtime.exec.spi.JoinedLinearCheck;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.Int8Weight;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/** Plain and quantized layers of the CPU backend, from activations to outputs, within the error bound of the oracle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuLinearTest {
    private final List<KernelShape> asked = new ArrayList<>();
    private Backend backend;

    @BeforeAll
    void open(@TempDir Path cache) {
        VariantChooser listening = (problem, target, shape) -> {
            asked.add(shape);
            return problem.usual(target);
        };
        backend = new CpuBackend(2, listening, new ArtifactCache(cache));
    }

    @AfterAll
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 300, 64", "5, 3, 1", "130, 129, 75", "64, 40, 7", "2, 256, 200"})
    void aPlainLayerStaysWithinTheBound(int m, int outputs, int k) {
        for (Epilogue epilogue : Epilogue.values()) {
            int n = (outputs + epilogue.rowMultiple() - 1) / epilogue.rowMultiple() * epilogue.rowMultiple();
            float[] weight = CpuBackends.values(n * k, 1);
            float[] x = CpuBackends.values(m * k, 2);
            float[] bias = CpuOperands.values(n, 3);
            float[] second = CpuBackends.values(m * n, 4);
            Linear layer = backend.linear(PlainWeight.of(ScalarArray.bf16(bf16(weight)), n, k), bias);
            float[] out = run(layer, CpuBackends.matrix(backend, x, m, k), epilogue, second);
            ReferenceGemm reference =
                    ReferenceGemm.dense(x, weight, m, n, k, epilogue, epilogueOperand(epilogue, bias, second));
            assertThat(ErrorBound.nearest(ScalarType.FP32).violation(out, reference))
                    .as("%s, %dx%dx%d", epilogue, m, n, k)
                    .isEmpty();
        }
    }

    /** Sums are exact, and nothing else depends on an order. */
    @ParameterizedTest
    @EnumSource(Epilogue.class)
    void anInt8LayerHasTheBitsOfItsFormula(Epilogue epilogue) {
        int k = 112;
        float[] x = CpuBackends.values(33 * k, 5);
        PlainWeight plain = PlainWeight.of(ScalarArray.fp32(CpuBackends.values(80 * k, 6)), 80, k);
        Int8Weight weight = Int8Weight.of(plain);
        float[] bias = CpuOperands.values(80, 7);
        float[] second = CpuBackends.values(33 * 80, 8);
        float[] out = run(backend.int8(plain, bias), CpuBackends.matrix(backend, x, 33, k), epilogue, second);
        float[] operand = epilogueOperand(epilogue, bias, second);
        byte[] codes = new byte[k];
        for (int row = 0; row < 33; row++) {
            float scale = Int8Weight.quantize(x, row * k, k, codes, 0);
            float[] scaled = new float[80];
            for (int output = 0; output < 80; output++) {
                int sum = 0;
                for (int i = 0; i < k; i++) {
                    sum += codes[i] * weight.codes()[output * k + i];
                }
                scaled[output] = sum * (scale * weight.scales()[output]);
            }
            for (int column = 0; column < epilogue.columns(80); column++) {
                int at = row * epilogue.columns(80) + column;
                assertThat(out[at])
                        .isEqualTo(
                                switch (epilogue) {
                                    case NONE -> scaled[column];
                                    case BIAS -> scaled[column] + operand[column];
                                    case RESIDUAL -> scaled[column] + operand[at];
                                    case SILU_MUL -> Silu.of(scaled[column]) * operand[at];
                                    case SWIGLU ->
                                        Silu.of(scaled[Epilogue.gateRow(column)]) * scaled[Epilogue.upRow(column)];
                                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Epilogue.class)
    void aQuantizedLayerStaysWithinTheBound(Epilogue epilogue) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:96+e4m3xe2m1:64/32");
        int k = split.channels();
        InputQuantization how = new InputQuantization(split, reversed(k), ScaleRule.CEIL);
        float[] x = CpuBackends.values(33 * k, 5);
        PackedMatrix weight = new ReferenceQuantizer(how, Side.WEIGHT).quantize(CpuBackends.values(80 * k, 6), 80);
        float[] bias = CpuOperands.values(80, 7);
        float[] second = CpuBackends.values(33 * 80, 8);
        Linear layer = backend.linear(new QuantizedWeight(weight, how), bias);
        float[] out = run(layer, CpuBackends.matrix(backend, x, 33, k), epilogue, second);
        PackedMatrix activation = new ReferenceQuantizer(how, Side.ACTIVATION).quantize(x, 33);
        ReferenceGemm reference =
                ReferenceGemm.of(activation, weight, epilogue, epilogueOperand(epilogue, bias, second));
        assertThat(ErrorBound.nearest(ScalarType.FP32).violation(out, reference))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void biasesAreAdded(int rows) {
        BiasCheck.plainLayer(backend, rows);
        BiasCheck.quantizedLayer(backend, rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 65})
    void layersOfOneInputAreTheSameAsOneAndApart(int rows) {
        JoinedLinearCheck.plain(backend, rows);
        JoinedLinearCheck.quantized(backend, rows);
        JoinedLinearCheck.apart(backend, rows);
        JoinedLinearCheck.mixed(backend, rows);
        JoinedLinearCheck.gated(backend, rows, 1e-6);
    }

    @Test
    void oneRowAndManyRowsAgreeWithinRounding() {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:64+e3m2xe3m2:32+e5m2xe5m2:32/32");
        InputQuantization how = new InputQuantization(split, reversed(128), ScaleRule.CEIL);
        PackedMatrix weight = new ReferenceQuantizer(how, Side.WEIGHT).quantize(CpuOperands.values(40 * 128, 9), 40);
        Linear layer = backend.linear(new QuantizedWeight(weight, how), null);
        Matrix x = CpuBackends.matrix(backend, CpuBackends.values(6 * 128, 10), 6, 128);
        float[] all = run(layer, x, Epilogue.NONE, null);
        float[] first = run(layer, x.first(1), Epilogue.NONE, null);
        for (int j = 0; j < 40; j++) {
            assertThat(first[j]).isCloseTo(all[j], within(1e-3f));
        }
    }

    @Test
    void theChooserIsAskedOnceForEachBucketOfShapes() {
        asked.clear();
        Linear layer = backend.linear(PlainWeight.of(ScalarArray.bf16(new short[5 * 11]), 5, 11), null);
        for (int m : new int[] {65, 100, 128, 3, 4}) {
            run(layer, backend.activations(m, 11), Epilogue.NONE, null);
        }
        assertThat(asked).containsExactly(new GemmShape(128, 5, List.of(11)), new GemmShape(4, 5, List.of(11)));
    }

    @Test
    void refusesAnInputOfAnotherForm() {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:32/32");
        InputQuantization how = new InputQuantization(split, reversed(32), ScaleRule.CEIL);
        PackedMatrix weight = new ReferenceQuantizer(how, Side.WEIGHT).quantize(new float[64], 2);
        Linear quantized = backend.linear(new QuantizedWeight(weight, how), null);
        Linear plain = backend.linear(PlainWeight.of(ScalarArray.bf16(new short[64]), 2, 32), null);
        Matrix x = backend.activations(1, 32);
        Matrix out = backend.activations(1, 2);
        LinearInput packed = backend.input(quantized, new LinearInput.Step.None(), x);
        LinearInput dense = backend.input(plain, new LinearInput.Step.None(), x);
        assertThatThrownBy(() -> backend.linear(plain, packed, Epilogue.NONE, null, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.linear(quantized, dense, Epilogue.NONE, null, out))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.download(packed)).isInstanceOf(IllegalArgumentException.class);
    }

    private float[] run(Linear layer, Matrix x, Epilogue epilogue, float[] second) {
        boolean takesMatrix = epilogue == Epilogue.RESIDUAL || epilogue == Epilogue.SILU_MUL;
        // The second matrix is the output itself, as a residual stream has it.
        Matrix out = takesMatrix
                ? CpuBackends.matrix(backend, second, x.rows(), layer.outputs())
                : backend.activations(x.rows(), epilogue.columns(layer.outputs()));
        try (LinearInput input = backend.input(layer, new LinearInput.Step.None(), x)) {
            backend.linear(layer, input, epilogue, takesMatrix ? out : null, out);
        }
        return backend.download(out);
    }

    private static float[] epilogueOperand(Epilogue epilogue, float[] bias, float[] second) {
        return switch (epilogue) {
            case NONE, SWIGLU -> new float[0];
            case BIAS -> bias;
            case RESIDUAL, SILU_MUL -> second;
        };
    }

    private static short[] bf16(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        return bits;
    }

    private static int[] reversed(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = count - 1 - i;
        }
        return order;
    }
}
