package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.cpu.RootMeanSquare;
import org.mxforge.runtime.cpu.Silu;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.tests.gpu.Numbers;

/** The emitted quantizers give the oracle's bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuMxQuantizeTest {
    private static final int ROWS = 23;

    private JavaJit jit;

    @BeforeAll
    void open(@TempDir Path cache) {
        jit = new JavaJit(new ArtifactCache(cache));
    }

    @ParameterizedTest
    @EnumSource(ElementFormat.class)
    void everyFormatAndRule(ElementFormat format) {
        for (ScaleRule rule : ScaleRule.values()) {
            InputQuantization how = shuffled(ChannelSplit.uniform(new FormatPair(format, format), 128), rule);
            checkPlain(how, hardValues(128, format.ordinal()));
        }
    }

    @ParameterizedTest
    @EnumSource(ScaleRule.class)
    void mixedPartitionsWithAnOrder(ScaleRule rule) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:96+e3m2xe2m1:64+e2m3xe2m3:32+e4m3xe2m1:64+e5m2xe2m1:32/32");
        checkPlain(shuffled(split, rule), hardValues(split.channels(), 7));
    }

    @ParameterizedTest
    @EnumSource(Prologue.class)
    void groupsThroughAHadamardMatrix(Prologue prologue) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:96+e3m2xe2m1:64+e2m3xe2m3:32+e4m3xe2m1:64+e5m2xe2m1:32/32");
        InputQuantization how = shuffled(split, ScaleRule.CLIP).with(GroupTransform.HADAMARD);
        switch (prologue) {
            case NONE -> checkPlain(how, hardValues(split.channels(), 11));
            case RMSNORM -> checkNorm(how);
            case SILU_MUL -> checkGate(how);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"e2m1xe2m1:96+e3m2xe2m1:64+e4m3xe2m1:64/32/g16", "e2m1xe2m1:64+e2m3xe2m1:128+e5m2xe2m1:64/64/g64"
            })
    void groupsOfOtherSizes(String text) {
        ChannelSplit split = ChannelSplit.parse(text);
        checkPlain(shuffled(split, ScaleRule.CEIL), hardValues(split.channels(), 9));
    }

    @Test
    void theNormIsFusedWithoutChangingABit() {
        checkNorm(shuffled(ChannelSplit.parse("e2m1xe2m1:96+e4m3xe2m1:64/32"), ScaleRule.CEIL));
    }

    private void checkNorm(InputQuantization how) {
        int channels = how.split().channels();
        float[] x = CpuOperands.values(ROWS * channels, 3);
        float[] weight = CpuOperands.values(channels, 4);
        float[] normed = new float[x.length];
        for (int at = 0; at < x.length; at += channels) {
            float factor = RootMeanSquare.factor(x, at, channels, 1e-5f);
            for (int i = 0; i < channels; i++) {
                normed[at + i] = x[at + i] * factor * weight[i];
            }
        }
        PackedMatrix out = PackedMatrix.zeros(how.split(), Side.ACTIVATION, ROWS);
        kernel(how, Prologue.RMSNORM).quantize(new CpuMxQuantize.Operands(x, weight, 1e-5f, how.order(), out), 0, ROWS);
        assertSame(out, new ReferenceQuantizer(how, Side.ACTIVATION).quantize(normed, ROWS));
        float[] centre = CpuOperands.values(channels, 5);
        for (int i = 0; i < normed.length; i++) {
            normed[i] -= centre[i % channels];
        }
        kernel(how, Prologue.RMSNORM_CENTRED)
                .quantize(new CpuMxQuantize.Operands(x, weight, centre, 1e-5f, how.order(), out), 0, ROWS);
        assertSame(out, new ReferenceQuantizer(how, Side.ACTIVATION).quantize(normed, ROWS));
    }

    @Test
    void theGateIsFusedWithoutChangingABit() {
        checkGate(shuffled(ChannelSplit.parse("e3m2xe2m1:64+e4m3xe2m1:32/32"), ScaleRule.EVEN));
    }

    private void checkGate(InputQuantization how) {
        float[] gate = CpuOperands.values(ROWS * how.split().channels(), 5);
        float[] up = CpuOperands.values(ROWS * how.split().channels(), 6);
        float[] product = new float[gate.length];
        for (int i = 0; i < gate.length; i++) {
            product[i] = Silu.of(gate[i]) * up[i];
        }
        PackedMatrix out = PackedMatrix.zeros(how.split(), Side.ACTIVATION, ROWS);
        kernel(how, Prologue.SILU_MUL)
                .quantize(
                        new CpuMxQuantize.Operands(Numbers.sideBySide(ROWS, gate, up), null, 0f, how.order(), out),
                        0,
                        ROWS);
        assertSame(out, new ReferenceQuantizer(how, Side.ACTIVATION).quantize(product, ROWS));
    }

    private void checkPlain(InputQuantization how, float[] x) {
        PackedMatrix out = PackedMatrix.zeros(how.split(), Side.ACTIVATION, ROWS);
        CpuMxQuantize kernel = kernel(how, Prologue.NONE);
        CpuMxQuantize.Operands operands = new CpuMxQuantize.Operands(x, null, 0f, how.order(), out);
        kernel.quantize(operands, 0, 11);
        kernel.quantize(operands, 11, ROWS);
        assertSame(out, new ReferenceQuantizer(how, Side.ACTIVATION).quantize(x, ROWS));
    }

    private CpuMxQuantize kernel(InputQuantization how, Prologue prologue) {
        MxQuantizeSpec spec = new MxQuantizeSpec(
                Side.ACTIVATION,
                how.split().partitions().stream()
                        .map(Partition::formats)
                        .map(FormatPair::activation)
                        .toList(),
                how.rule(),
                how.split().groups(),
                how.transform(),
                prologue,
                ScalarType.FP32,
                Tolerance.EXACT);
        return jit.instantiate(CpuEmitter.emit(KernelVariant.of(spec, Target.CPU)), CpuMxQuantize.class);
    }

    private static void assertSame(PackedMatrix result, PackedMatrix expected) {
        for (int i = 0; i < expected.partitions().size(); i++) {
            var want = expected.partitions().get(i);
            var got = result.partitions().get(i);
            assertThat(got.scales()).as("scales of partition %d", i).isEqualTo(want.scales());
            assertThat(got.codes()).as("codes of partition %d", i).isEqualTo(want.codes());
        }
    }

    private static InputQuantization shuffled(ChannelSplit split, ScaleRule rule) {
        int[] order = new Random(split.channels())
                .ints(0, split.channels())
                .distinct()
                .limit(split.channels())
                .toArray();
        return new InputQuantization(split, order, rule);
    }

    /** Ordinary rows, ties between codes, and rows of zeros, faults, subnormals and the largest numbers. */
    private static float[] hardValues(int channels, long seed) {
        float[] x = CpuOperands.values(ROWS * channels, seed);
        Random random = new Random(seed);
        for (int i = 0; i < channels; i++) {
            x[i] = i % 2 == 0 ? 0f : -0f;
            x[channels + i] = (random.nextInt(65) - 32) / 16f;
            x[2 * channels + i] = Float.MIN_VALUE * random.nextInt(100);
            x[3 * channels + i] = Float.MAX_VALUE / (1 + random.nextInt(5));
            x[4 * channels + i] = Float.intBitsToFloat(random.nextInt());
            x[5 * channels + i] = Math.scalb((float) (random.nextInt(4096) - 2048), random.nextInt(20) - 10);
            x[6 * channels + i] = Float.MIN_NORMAL * random.nextFloat();
        }
        x[7 * channels + 3] = Float.NaN;
        x[8 * channels + 70] = Float.NEGATIVE_INFINITY;
        x[9 * channels + 40] = Float.intBitsToFloat(0xffc12345);
        return x;
    }
}
