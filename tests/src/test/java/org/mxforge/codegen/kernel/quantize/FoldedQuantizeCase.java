package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.tests.gpu.GpuWorkspace;
import org.mxforge.tests.gpu.Numbers;

/**
 * One input of a quantizer that folds, what the definition makes of it, and what the GPU does. With a prologue the input is such
 * that host and GPU agree on it to the last bit: squares whose sum is exact in any order, gates so large that SiLU is the identity.
 */
final class FoldedQuantizeCase {
    static final float EPSILON = 0.25f;
    private static final byte UNTOUCHED = (byte) 0xcd;
    /** Bytes behind each output that must stay as they are. */
    private static final int GUARD = 64;

    private final MxQuantizeSpec spec;
    private final int rows;
    private final int[] channels;
    private final int columns;
    final float[] x;
    final float[] up;
    final float[] weight;
    final int[] order;

    /** {@code spread} binades of sizes among the channels; {@code channels} of each partition, some of which may be 0. */
    FoldedQuantizeCase(MxQuantizeSpec spec, int rows, int spread, int... channels) {
        this.spec = spec;
        this.rows = rows;
        this.channels = channels;
        this.columns = IntStream.of(channels).sum();
        Random random = new Random(columns + spread);
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, random);
        this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
        this.x = new float[rows * columns];
        this.up = new float[x.length];
        this.weight = new float[columns];
        for (int i = 0; i < columns; i++) {
            // Groups share a size: else the largest of 32 would hide how they differ.
            int size = -(i / GroupLayout.GROUP * 7 % (spread + 1));
            weight[order[i]] = bf16((float) Math.scalb(random.nextGaussian(), size));
            for (int row = 0; row < rows; row++) {
                fill(row * columns + order[i], size, random);
            }
        }
    }

    private void fill(int at, int size, Random random) {
        switch (spec.prologue()) {
            case NONE -> x[at] = source((float) Math.scalb(random.nextGaussian(), size));
            case RMSNORM, RMSNORM_CENTRED -> x[at] = random.nextInt(33) - 16;
            case SILU_MUL -> {
                x[at] = random.nextInt(8) == 0 ? 0 : source(128 + random.nextInt(4000) / 8f);
                up[at] = source((float) Math.scalb(random.nextGaussian(), size));
            }
        }
    }

    /** Puts {@code value} where it becomes channel {@code channel} of row {@code row} after reordering. */
    FoldedQuantizeCase with(int row, int channel, float value) {
        x[row * columns + order[channel]] = source(value);
        return this;
    }

    private float source(float value) {
        return spec.source() == ScalarType.FP32 ? value : bf16(value);
    }

    private static float bf16(float value) {
        return Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    /** What the definition makes of it. */
    FoldedMatrix expected() {
        float[] values = new float[x.length];
        for (int row = 0; row < rows; row++) {
            float squares = 0;
            for (int i = 0; i < columns; i++) {
                squares += x[row * columns + i] * x[row * columns + i];
            }
            float norm = (float) (1 / Math.sqrt(squares / columns + EPSILON));
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                values[at] = switch (spec.prologue()) {
                    case NONE -> x[at];
                    case RMSNORM -> x[at] * weight[i] * norm;
                    // The weight serves as the centre, too.
                    case RMSNORM_CENTRED -> x[at] * weight[i] * norm - weight[i];
                    case SILU_MUL -> x[at] * up[at];
                };
            }
        }
        return FoldedMatrix.quantize(quantization(), spec.tolerance().rounds(), values, rows);
    }

    /** Split, order and rule of the partitions that are not empty. */
    InputQuantization quantization() {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] > 0) {
                ElementFormat format = spec.formats().get(i);
                partitions.add(new Partition(new FormatPair(format, format), channels[i]));
            }
        }
        return new InputQuantization(
                new ChannelSplit(partitions, GroupLayout.GROUP), order, spec.rule(), spec.transform());
    }

    /** Checks every byte and factor that {@code variant}, one of this case's spec, makes of it, and that it writes no other. */
    void check(KernelVariant variant, FoldedMatrix expected) {
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            int padded = expected.factors().length;
            long factors = gpu.bytes(Float.BYTES * padded + GUARD, UNTOUCHED);
            List<MxQuantizeOutput> outputs = new ArrayList<>();
            OperandLayout layout = variant.algorithm().layout(Side.ACTIVATION);
            for (int i = 0; i < channels.length; i++) {
                int bytes = (int) layout.elementBytes(spec.formats().get(i), rows, channels[i]);
                outputs.add(
                        bytes == 0
                                ? new MxQuantizeOutput(0, 0, 0)
                                : new MxQuantizeOutput(gpu.bytes(bytes + GUARD, UNTOUCHED), factors, channels[i]));
            }
            gpu.launch(
                    variant,
                    new MxQuantizeArguments(rows, columns, input(gpu), operands(gpu), gpu.ints(order), outputs));
            checkFactors(gpu.readFloats(factors, padded + GUARD / Float.BYTES), expected.factors());
            int next = 0;
            for (int i = 0; i < channels.length; i++) {
                if (channels[i] > 0) {
                    FoldedMatrix.Partition wanted = expected.partitions().get(next++);
                    byte[] given = gpu.readBytes(outputs.get(i).codes(), wanted.tiles().length + GUARD);
                    checkTiles(variant.text() + ", partition " + i, given, wanted.tiles());
                }
            }
        }
    }

    private void checkFactors(float[] given, float[] wanted) {
        float untouched = Float.intBitsToFloat(0xcdcdcdcd);
        for (int row = 0; row < given.length; row++) {
            // Compared as bits, since a factor may be NaN.
            assertThat(Float.floatToIntBits(given[row]))
                    .as("factor of row %d", row)
                    .isEqualTo(Float.floatToIntBits(row < rows ? wanted[row] : untouched));
        }
    }

    private void checkTiles(String what, byte[] given, byte[] wanted) {
        int rowOfTiles = wanted.length / ((rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS);
        for (int at = 0; at < given.length; at++) {
            int row = at / rowOfTiles * ContainerTile.ROWS + at % ContainerTile.BYTES / ContainerTile.CHANNELS;
            byte expected = at < wanted.length && row < rows ? wanted[at] : UNTOUCHED;
            if (given[at] != expected) {
                throw new AssertionError(what + ": byte " + at + ", row " + row + ", is 0x"
                        + Integer.toHexString(given[at] & 0xff) + ", not 0x" + Integer.toHexString(expected & 0xff));
            }
        }
    }

    private long input(GpuWorkspace gpu) {
        float[] values = spec.prologue() == Prologue.SILU_MUL ? Numbers.sideBySide(rows, x, up) : x;
        return spec.source() == ScalarType.FP32 ? gpu.floats(values) : gpu.bf16(values);
    }

    private PrologueOperands operands(GpuWorkspace gpu) {
        return switch (spec.prologue()) {
            case NONE -> new PrologueOperands.None();
            case RMSNORM -> new PrologueOperands.RmsNorm(gpu.bf16(weight), EPSILON);
            case RMSNORM_CENTRED -> new PrologueOperands.RmsNormCentred(gpu.bf16(weight), gpu.bf16(weight), EPSILON);
            case SILU_MUL -> new PrologueOperands.SiluMul();
        };
    }
}
