package org.mxforge.runtime;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.InputStatistics;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/**
 * Writes what exported kernels are tried on by programs without MXForge, {@code tests/src/export}: for each case a folder with {@code
 * weights.safetensors}, a layer {@code w} whose product is exact, {@code data.safetensors}, rows {@code x} and what the oracle makes of
 * them, {@code d}, and {@code random.safetensors}, a layer to be timed.
 */
public final class ExportCases {
    private static final int OUTPUTS = 4096;
    private static final int CHANNELS = 4096;
    /** Rows of x; programs repeat them. */
    private static final int ROWS = 24;
    /** Rows of a random weight before they repeat. */
    private static final int DIFFERENT = 128;

    /**
     * The cases: what {@code bench gemm} calls their formats, and their split.
     */
    static final Map<String, List<String>> CASES = new TreeMap<>(Map.of(
            "mxfp4", List.of("e2m1xe2m1", "e2m1xe2m1:4096/128"),
            "e3m2", List.of("e3m2xe3m2", "e3m2xe3m2:4096/128"),
            "e4m3xe2m1", List.of("e4m3xe2m1", "e4m3xe2m1:4096/128"),
            "split",
                    List.of(
                            "e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10",
                            "e2m1xe2m1:2816+e3m2xe3m2:896+e4m3xe4m3:384/128")));

    private ExportCases() {}

    /** {@code ExportCases KERNELS OUT}: for the kernels for sm_90a in KERNELS, into OUT, which does not exist yet. */
    public static void main(String[] words) throws IOException {
        KernelFolder kernels = KernelFolder.open(Path.of(words[0]));
        Path out = Files.createDirectory(Path.of(words[1]));
        ObjectNode formats = new ObjectMapper().createObjectNode();
        for (Map.Entry<String, List<String>> each : CASES.entrySet()) {
            formats.put(each.getKey(), each.getValue().get(0));
            ChannelSplit split = ChannelSplit.parse(each.getValue().get(1));
            KernelFolder.Operand operand = kernels.weights(Target.SM_90A, split.pairs());
            write(split, operand, Target.SM_90A, OUTPUTS, ROWS, Files.createDirectory(out.resolve(each.getKey())));
        }
        Files.writeString(out.resolve("cases.json"), formats.toPrettyString());
    }

    /** One case. */
    static void write(
            ChannelSplit split, KernelFolder.Operand operand, Target target, int outputs, int rows, Path folder) {
        InputQuantization input = new InputQuantization(split, shuffled(split.channels()), ScaleRule.CEIL);
        ExactOperands exact = operand.layout().isFolded()
                ? ExactOperands.sparse(split, rows, outputs, 1)
                : ExactOperands.generate(split, rows, outputs, 1);
        layer(input, operand, target, exact.weight(), folder.resolve("weights.safetensors"));
        layer(input, operand, target, random(input, outputs), folder.resolve("random.safetensors"));
        float[] result = ReferenceGemm.of(exact.activation(), exact.weight()).result(ScalarType.BF16);
        new SafetensorsWriter()
                .add(
                        "x",
                        TensorType.BF16,
                        Payload.of(bf16(inOldOrder(exact.activation(), input.order()))),
                        rows,
                        split.channels())
                .add("d", TensorType.BF16, Payload.of(bf16(result)), rows, outputs)
                .write(folder.resolve("data.safetensors"));
    }

    private static void layer(
            InputQuantization input, KernelFolder.Operand operand, Target target, PackedMatrix weight, Path file) {
        WeightExport.write(
                List.of(new WeightExport.Layer(
                        new LinearSite.Product(
                                "w", List.of(new LinearLayer("w", weight.rows(), input.order().length, false))),
                        "site",
                        input,
                        operand.layout(),
                        operand.tolerance(),
                        null,
                        () -> weight)),
                Map.of(),
                target,
                file,
                elements -> {});
    }

    /** Groups of many sizes, as {@code bench gemm} has them: what tensor cores draw, and so their clock, depends on the values. */
    private static PackedMatrix random(InputQuantization input, int outputs) {
        Random random = new Random(1);
        int[] order = input.order();
        float[] values = new float[DIFFERENT * order.length];
        for (int row = 0; row < DIFFERENT; row++) {
            int size = 0;
            for (int i = 0; i < order.length; i++) {
                size = i % 32 == 0 ? random.nextInt(12) - 7 : size;
                values[row * order.length + order[i]] = (float) Math.scalb(random.nextGaussian(), size);
            }
        }
        return Recipe.parse("mxfp4")
                .quantizer()
                .quantize(values, DIFFERENT, new InputStatistics.None(), input)
                .withRows(
                        IntStream.range(0, outputs).map(row -> row % DIFFERENT).toArray());
    }

    private static int[] shuffled(int channels) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, channels).boxed().toList());
        Collections.shuffle(order, new Random(1));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The values of a packed matrix, each channel where it was before it was reordered. */
    private static float[] inOldOrder(PackedMatrix matrix, int[] order) {
        float[] values = new float[matrix.rows() * order.length];
        int first = 0;
        for (PackedPartition part : matrix.partitions()) {
            byte[] codes = new byte[matrix.rows() * part.channels()];
            CodePacking.unpack(part.format(), part.codes(), 0, codes.length, codes, 0);
            for (int i = 0; i < codes.length; i++) {
                int row = i / part.channels();
                int channel = i % part.channels();
                int scale = part.scales()[row * part.rowScales() + channel / 32] & 0xff;
                values[row * order.length + order[first + channel]] =
                        Math.scalb(part.format().decode(codes[i] & 0xff), scale - 127);
            }
            first += part.channels();
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
}
