package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.DeviceBuffer;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.cuda.launch.MxQuantizeArguments;
import org.mxforge.runtime.cuda.launch.MxQuantizeOutput;
import org.mxforge.runtime.cuda.launch.PrologueOperands;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** The quantizer kernels give the codes and scales of the host's oracle, bit for bit, padding included. */
@Tag("gpu")
class QuantizerGpuTest {
    private static final byte POISON = (byte) 0xa5;

    static Stream<Arguments> cases() {
        Stream<List<FormatPair>> pairs = Stream.concat(
                FormatPair.all().stream()
                        .filter(p -> p.activation() == p.weight())
                        .map(List::of),
                Catalogue.mixed().stream());
        return pairs.flatMap(p -> Stream.of(ScaleRule.values()).map(rule -> Arguments.of(p, rule)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheOracle(List<FormatPair> pairs, ScaleRule rule) {
        for (int rows : new int[] {1, 37, 130}) {
            for (ScalarType source : new ScalarType[] {ScalarType.BF16, ScalarType.FP32}) {
                assertEqual(quantization(pairs, rule), rows, source);
            }
        }
    }

    private static InputQuantization quantization(List<FormatPair> pairs, ScaleRule rule) {
        List<Partition> partitions = new ArrayList<>();
        for (FormatPair pair : pairs) {
            partitions.add(new Partition(pair, 32 * (1 + 2 * partitions.size())));
        }
        ChannelSplit split = new ChannelSplit(partitions, 32);
        return new InputQuantization(split, permutation(split.channels()), rule);
    }

    private static void assertEqual(InputQuantization quantization, int rows, ScalarType source) {
        CudaContext gpu = GpuTest.context();
        int columns = quantization.split().channels();
        float[] values = values(rows, columns, source);
        PackedMatrix wanted = new ReferenceQuantizer(quantization, Side.ACTIVATION).quantize(values, rows);
        MxQuantizeSpec spec = new MxQuantizeSpec(
                Side.ACTIVATION,
                wanted.partitions().stream().map(PackedPartition::format).toList(),
                quantization.rule(),
                GroupLayout.TILED,
                Prologue.NONE,
                source);
        ReadyKernel<MxQuantizeArguments> kernel =
                GpuTest.kernels().kernel(KernelVariant.of(spec, gpu.device().target()));
        List<DeviceBuffer> codes = new ArrayList<>();
        List<DeviceBuffer> scales = new ArrayList<>();
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        try (CudaStream stream = gpu.stream();
                DeviceBuffer x = gpu.allocate("the input", (long) values.length * source.bytes());
                DeviceBuffer order = gpu.allocate("the order", (long) columns * Integer.BYTES)) {
            upload(x, values, source);
            order.upload(quantization.order());
            for (PackedPartition part : wanted.partitions()) {
                int groups = part.channels() / GroupLayout.GROUP;
                codes.add(poisoned(gpu, stream, rows * CodePacking.bytes(part.format(), part.channels())));
                scales.add(poisoned(gpu, stream, GroupLayout.TILED.scales().bytes(rows, groups)));
                outputs.add(new MxQuantizeOutput(
                        codes.get(codes.size() - 1).address(),
                        scales.get(scales.size() - 1).address(),
                        part.channels()));
            }
            kernel.launch(
                    stream,
                    new MxQuantizeArguments(
                            rows, columns, x.address(), new PrologueOperands.None(), order.address(), outputs));
            for (int i = 0; i < outputs.size(); i++) {
                PackedPartition part = wanted.partitions().get(i);
                String what = spec.text() + ", partition " + i + ", " + rows + " rows";
                assertThat(download(scales.get(i))).as("scales of " + what).isEqualTo(tiled(part));
                assertThat(download(codes.get(i))).as("codes of " + what).isEqualTo(part.codes());
            }
        } finally {
            codes.forEach(DeviceBuffer::close);
            scales.forEach(DeviceBuffer::close);
        }
    }

    /** Values over many binades, with groups of zeros, of subnormals, and one each with a NaN and an infinity. */
    private static float[] values(int rows, int columns, ScalarType type) {
        SplittableRandom random = new SplittableRandom(rows);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            float value = Math.scalb((float) random.nextDouble(-1, 1), random.nextInt(-12, 12));
            switch (i / GroupLayout.GROUP % 11) {
                case 3 -> value = i % 2 == 0 ? 0f : -0f;
                case 5 -> value *= 0x1p-126f;
                case 7 -> value *= 0x1p+110f;
                default -> {}
            }
            values[i] = value;
        }
        values[columns / 2] = Float.NaN;
        values[values.length - 1] = Float.NEGATIVE_INFINITY;
        if (type == ScalarType.BF16) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Bfloat16.toFloat(Bfloat16.fromFloat(values[i]));
            }
        }
        return values;
    }

    private static int[] permutation(int channels) {
        SplittableRandom random = new SplittableRandom(channels);
        int[] order = new int[channels];
        for (int i = 0; i < channels; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static void upload(DeviceBuffer buffer, float[] values, ScalarType type) {
        if (type == ScalarType.FP32) {
            buffer.upload(values);
            return;
        }
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        buffer.upload(bits);
    }

    private static DeviceBuffer poisoned(CudaContext gpu, CudaStream stream, long bytes) {
        DeviceBuffer buffer = gpu.allocate("an output", bytes);
        buffer.fill(stream, POISON);
        return buffer;
    }

    private static byte[] download(DeviceBuffer buffer) {
        byte[] bytes = new byte[Math.toIntExact(buffer.bytes())];
        buffer.download(bytes);
        return bytes;
    }

    private static byte[] tiled(PackedPartition part) {
        int groups = part.channels() / GroupLayout.GROUP;
        byte[] tiles = new byte[(int) GroupLayout.TILED.scales().bytes(part.rows(), groups)];
        for (int row = 0; row < part.rows(); row++) {
            for (int group = 0; group < groups; group++) {
                tiles[(int) GroupLayout.TILED.scales().offset(row, group, groups)] =
                        part.scales()[row * groups + group];
            }
        }
        return tiles;
    }
}
