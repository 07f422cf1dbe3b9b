package org.mxforge.codegen.kernel.quantize;

import java.util.ArrayList;
import java.util.Arrays;
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
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.tests.gpu.GpuWorkspace;
import org.mxforge.tests.gpu.Numbers;

/** One input of a quantizer, what the oracle makes of it, and what the GPU does. */
final class PackedQuantizeCase {
    private static final float EPSILON = 1e-5f;
    private static final byte UNTOUCHED = (byte) 0xcd;
    /** Bytes behind each output that must stay as they are. */
    private static final int GUARD = 64;

    private final MxQuantizeSpec spec;
    private final OperandLayout layout;
    private final int rows;
    private final int[] channels;
    private final int columns;
    private final float[] x;
    private final float[] up;
    private final float[] weight;
    private final int[] order;

    /** Random values over many binades with a random order; {@code channels} of each partition, some of which may be 0. */
    PackedQuantizeCase(MxQuantizeSpec spec, OperandLayout layout, int rows, int... channels) {
        this.spec = spec;
        this.layout = layout;
        this.rows = rows;
        this.channels = channels;
        this.columns = IntStream.of(channels).sum();
        Random random = new Random(columns);
        this.x = new float[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = source((float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian())));
        }
        this.up = Numbers.bf16(7, x.length);
        this.weight = Numbers.bf16(8, columns);
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, random);
        this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Puts {@code value} where it becomes channel {@code channel} of row {@code row} after reordering. */
    PackedQuantizeCase with(int row, int channel, float value) {
        x[row * columns + order[channel]] = source(value);
        return this;
    }

    /** Gives {@code other}, a case of the same prologue, type and shape, the inputs of this one. */
    void copyTo(FoldedQuantizeCase other) {
        System.arraycopy(x, 0, other.x, 0, x.length);
        System.arraycopy(up, 0, other.up, 0, up.length);
        System.arraycopy(weight, 0, other.weight, 0, weight.length);
        System.arraycopy(order, 0, other.order, 0, order.length);
    }

    private float source(float value) {
        return spec.source() == ScalarType.FP32 ? value : Bfloat16.toFloat(Bfloat16.fromFloat(value));
    }

    /** What the oracle makes of it; exactly what the GPU must make of it when there is no prologue. */
    PackedMatrix expected() {
        float[] values = new float[x.length];
        for (int row = 0; row < rows; row++) {
            double squares = 0;
            for (int i = 0; i < columns; i++) {
                squares += (double) x[row * columns + i] * x[row * columns + i];
            }
            float norm = (float) (1 / Math.sqrt(squares / columns + EPSILON));
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                values[at] = switch (spec.prologue()) {
                    case NONE -> x[at];
                    case RMSNORM -> x[at] * weight[i] * norm;
                    // The weight serves as the centre, too.
                    case RMSNORM_CENTRED -> x[at] * weight[i] * norm - weight[i];
                    case SILU_MUL -> (float) (x[at] / (1 + Math.exp(-x[at]))) * up[at];
                };
            }
        }
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < channels.length; i++) {
            if (channels[i] > 0) {
                ElementFormat format = spec.formats().get(i);
                partitions.add(new Partition(new FormatPair(format, format), channels[i]));
            }
        }
        InputQuantization input = new InputQuantization(
                new ChannelSplit(partitions, GroupLayout.GROUP), order, spec.rule(), spec.transform());
        return new ReferenceQuantizer(input, spec.side()).quantize(values, rows);
    }

    /** What {@code variant}, one of this case's spec, makes of it; checks that nothing beyond its buffers was written. */
    PackedMatrix computed(KernelVariant variant) {
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            List<MxQuantizeOutput> outputs = new ArrayList<>();
            for (int i = 0; i < channels.length; i++) {
                outputs.add(
                        channels[i] == 0
                                ? new MxQuantizeOutput(0, 0, 0)
                                : new MxQuantizeOutput(
                                        gpu.bytes(codeBytes(i) + GUARD, UNTOUCHED),
                                        gpu.bytes(scaleBytes(i) + GUARD, UNTOUCHED),
                                        channels[i]));
            }
            gpu.launch(
                    variant,
                    new MxQuantizeArguments(rows, columns, input(gpu), operands(gpu), gpu.ints(order), outputs));
            List<PackedPartition> partitions = new ArrayList<>();
            for (int i = 0; i < channels.length; i++) {
                if (channels[i] > 0) {
                    partitions.add(partition(gpu, i, outputs.get(i)));
                }
            }
            return new PackedMatrix(rows, partitions);
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

    private int codeBytes(int partition) {
        return (int) (rows * CodePacking.bytes(spec.formats().get(partition), channels[partition]));
    }

    private int scaleBytes(int partition) {
        return (int) layout.scaleBytes(rows, channels[partition] / GroupLayout.GROUP);
    }

    private PackedPartition partition(GpuWorkspace gpu, int index, MxQuantizeOutput output) {
        byte[] codes = gpu.readBytes(output.codes(), codeBytes(index) + GUARD);
        byte[] placed = gpu.readBytes(output.scales(), scaleBytes(index) + GUARD);
        int groups = channels[index] / GroupLayout.GROUP;
        byte[] scales = new byte[rows * groups];
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groups; group++) {
                int at = (int) layout.scaleOffset(row, group, groups);
                scales[row * groups + group] = placed[at];
                placed[at] = 0;
            }
        }
        for (int i = 0; i < placed.length; i++) {
            if (placed[i] != (i < scaleBytes(index) ? 0 : UNTOUCHED)) {
                throw new AssertionError(
                        "byte " + i + " of the scales of partition " + index + ", padding, is " + placed[i]);
            }
        }
        for (int i = codeBytes(index); i < codes.length; i++) {
            if (codes[i] != UNTOUCHED) {
                throw new AssertionError("codes of partition " + index + " were written past their end");
            }
        }
        return new PackedPartition(
                spec.formats().get(index), rows, channels[index], Arrays.copyOf(codes, codeBytes(index)), scales);
    }

    /** Whether the prologue's own rounding may differ between GPU and host. */
    boolean isExact() {
        return spec.prologue() == Prologue.NONE;
    }
}
