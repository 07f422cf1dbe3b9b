package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.tests.gpu.Numbers;

/** Portable quantizers in the simulator: byte for byte what the oracle says. */
class QuantizerSimulationTest {
    private static final List<ElementFormat> MICROMIX =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
    private static final int[] CHANNELS = {96, 64, 32};
    private static final int COLUMNS = IntStream.of(CHANNELS).sum();
    private static final int ROWS = 5;
    private static final float EPSILON = 0.25f;

    private final SimulatedWorkspace gpu = new SimulatedWorkspace();
    private final Random random = new Random(1);
    private final int[] order = shuffled();

    private int[] shuffled() {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, COLUMNS).boxed().toList());
        java.util.Collections.shuffle(numbers, random);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    @ParameterizedTest
    @EnumSource
    void everyRule(ScaleRule rule) {
        assertExact(spec(Side.ACTIVATION, MICROMIX, rule, Prologue.NONE), CHANNELS, values());
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatAloneAndBothSides(ElementFormat format) {
        for (Side side : Side.values()) {
            assertExact(spec(side, List.of(format), ScaleRule.CEIL, Prologue.NONE), new int[] {COLUMNS}, values());
        }
    }

    @Test
    void groupsThroughAHadamardMatrix() {
        assertExact(hadamard(Prologue.NONE), CHANNELS, values());
    }

    private static MxQuantizeSpec hadamard(Prologue prologue) {
        return spec(Side.ACTIVATION, MICROMIX, ScaleRule.CLIP, prologue).with(GroupTransform.HADAMARD);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64})
    void groupsOfOtherSizes(int size) {
        GroupLayout groups = new GroupLayout(size, ScaleFormat.E8M0);
        int[] channels = {64, 128};
        assertExact(
                new MxQuantizeSpec(
                        Side.ACTIVATION,
                        List.of(ElementFormat.E2M1, ElementFormat.E2M3),
                        ScaleRule.CEIL,
                        groups,
                        Prologue.NONE,
                        ScalarType.BF16,
                        Tolerance.EXACT),
                channels,
                values());
    }

    @Test
    void faultsAndZerosAndSubnormals() {
        float[] x = values();
        for (int row = 0; row < ROWS; row++) {
            x[row * COLUMNS + order[7]] = Float.NaN;
            x[row * COLUMNS + order[100]] = Float.NEGATIVE_INFINITY;
            for (int i = 32; i < 64; i++) {
                x[row * COLUMNS + order[i]] = i % 2 == 0 ? 0f : -0f;
                x[row * COLUMNS + order[i + 64]] = (i - 48) * 0x1p-133f;
            }
        }
        assertExact(spec(Side.ACTIVATION, MICROMIX, ScaleRule.CEIL, Prologue.NONE), CHANNELS, x);
        assertExact(hadamard(Prologue.NONE), CHANNELS, x);
    }

    /** Values over many binades, BF16. */
    private float[] values() {
        float[] x = new float[ROWS * COLUMNS];
        for (int i = 0; i < x.length; i++) {
            x[i] = bf16((float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian())));
        }
        return x;
    }

    /** Whole numbers, whose squares add up exactly in any order. */
    @Test
    void afterRmsNorm() {
        float[] x = new float[ROWS * COLUMNS];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(33) - 16;
        }
        float[] weight = values();
        float[] normed = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float squares = 0;
            for (int k = i / COLUMNS * COLUMNS; k < (i / COLUMNS + 1) * COLUMNS; k++) {
                squares += x[k] * x[k];
            }
            normed[i] = x[i] * weight[i % COLUMNS] * (float) (1 / Math.sqrt(squares / COLUMNS + EPSILON));
        }
        long factors = gpu.bf16(java.util.Arrays.copyOf(weight, COLUMNS));
        for (MxQuantizeSpec spec : afterPrologue(Prologue.RMSNORM)) {
            assertExact(spec, CHANNELS, x, new PrologueOperands.RmsNorm(factors, EPSILON), normed);
        }
    }

    /** Gates so large that SiLU is the identity. */
    @Test
    void afterSiluMul() {
        float[] gate = new float[ROWS * COLUMNS];
        float[] up = values();
        float[] gated = new float[gate.length];
        for (int i = 0; i < gate.length; i++) {
            gate[i] = random.nextInt(8) == 0 ? 0 : bf16(128 + random.nextInt(4000) / 8f);
            gated[i] = gate[i] * up[i];
        }
        for (MxQuantizeSpec spec : afterPrologue(Prologue.SILU_MUL)) {
            assertExact(spec, CHANNELS, Numbers.sideBySide(ROWS, gate, up), new PrologueOperands.SiluMul(), gated);
        }
    }

    private static List<MxQuantizeSpec> afterPrologue(Prologue prologue) {
        return List.of(spec(Side.ACTIVATION, MICROMIX, ScaleRule.CEIL, prologue), hadamard(prologue));
    }

    private static float bf16(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    private static MxQuantizeSpec spec(Side side, List<ElementFormat> formats, ScaleRule rule, Prologue prologue) {
        return new MxQuantizeSpec(side, formats, rule, GroupLayout.MX, prologue, ScalarType.BF16, Tolerance.EXACT);
    }

    private void assertExact(MxQuantizeSpec spec, int[] channels, float[] x) {
        assertExact(spec, channels, x, new PrologueOperands.None(), x);
    }

    private void assertExact(
            MxQuantizeSpec spec, int[] channels, float[] x, PrologueOperands prologue, float[] quantized) {
        List<Partition> split = new ArrayList<>();
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            ElementFormat format = spec.formats().get(i);
            split.add(new Partition(new FormatPair(format, format), channels[i]));
            int scales =
                    (int) OperandLayout.TILED.scaleBytes(ROWS, spec.groups().count(channels[i]));
            outputs.add(new MxQuantizeOutput(
                    gpu.simulator.allocate("codes", ROWS * channels[i] * format.bits() / Byte.SIZE),
                    gpu.simulator.allocate("scales", scales),
                    channels[i]));
        }
        gpu.launch(
                variant(spec), new MxQuantizeArguments(ROWS, COLUMNS, gpu.bf16(x), prologue, gpu.ints(order), outputs));
        InputQuantization input = new InputQuantization(
                new ChannelSplit(split, GroupLayout.GROUP, spec.groups()), order, spec.rule(), spec.transform());
        PackedMatrix expected = new ReferenceQuantizer(input, spec.side()).quantize(quantized, ROWS);
        for (int i = 0; i < channels.length; i++) {
            PackedPartition wanted = expected.partitions().get(i);
            assertThat(gpu.simulator.download(outputs.get(i).codes())).isEqualTo(wanted.codes());
            assertThat(gpu.simulator.download(outputs.get(i).scales())).isEqualTo(wanted.scales(OperandLayout.TILED));
            assertThat(gpu.simulator.neverWritten(outputs.get(i).scales())).isZero();
        }
    }
}
