package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What makes the operands of wgmma, in the simulator: the bytes that the host makes. */
class HopperLayoutSimulationTest {
    private static final List<ElementFormat> MICROMIX =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
    private static final int[] CHANNELS = {160, 64, 32};
    private static final int COLUMNS = IntStream.of(CHANNELS).sum();
    private static final int ROWS = 5;

    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    private static KernelVariant variant(KernelSpec spec) {
        return KernelVariant.of(spec, Target.SM_90A);
    }

    @ParameterizedTest
    @CsvSource({
        "containers, CEIL, NONE, 3",
        "containers, CEIL, NONE, 60",
        "containers, FLOOR, NONE, 12",
        "containers, EVEN, NONE, 12",
        "containers, CLIP, NONE, 12",
        "containers, CLIP, HADAMARD, 3",
        "containers, CLIP, HADAMARD, 60",
        "spread, CEIL, NONE, 3",
        "spread, CEIL, NONE, 60",
        "spread, FLOOR, NONE, 12",
        "spread, EVEN, NONE, 12",
        "spread, CLIP, NONE, 12",
        "spread, CLIP, HADAMARD, 3",
        "spread, CLIP, HADAMARD, 60",
        "mixed, CEIL, NONE, 3",
        "mixed, CEIL, NONE, 90",
        "mixed, FLOOR, NONE, 12",
        "mixed, CLIP, HADAMARD, 3",
        "mixed, CLIP, HADAMARD, 60",
        "spread_mixed, CEIL, NONE, 3",
        "spread_mixed, CEIL, NONE, 90",
        "spread_mixed, CLIP, HADAMARD, 12"
    })
    void quantizesAndFolds(String algorithm, ScaleRule rule, GroupTransform transform, int spread) {
        boolean mixed = algorithm.endsWith("mixed");
        MxQuantizeSpec spec = MxQuantizeSpec.activation(
                        MICROMIX, rule, Prologue.NONE, ScalarType.BF16, mixed ? Tolerance.EXACT : Tolerance.WITHIN_4)
                .with(transform);
        OperandLayout layout = mixed ? OperandLayout.MIXED : OperandLayout.CONTAINERS;
        Random random = new Random(spread);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, COLUMNS).boxed().toList());
        Collections.shuffle(order, random);
        float[] x = new float[ROWS * COLUMNS];
        for (int i = 0; i < x.length; i++) {
            // Groups share a size: else the largest of 32 would hide how they differ.
            int size = -(i % COLUMNS / GroupLayout.GROUP * 7 % (spread + 1));
            x[i / COLUMNS * COLUMNS + order.get(i % COLUMNS)] =
                    Bfloat16.toFloat(Bfloat16.fromFloat((float) Math.scalb(random.nextGaussian(), size)));
        }
        int[] channelOrder = order.stream().mapToInt(Integer::intValue).toArray();
        List<Partition> split = new ArrayList<>();
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        long factors = gpu.room(ScalarType.FP32, ContainerTile.ROWS);
        for (int i = 0; i < CHANNELS.length; i++) {
            split.add(new Partition(new FormatPair(MICROMIX.get(i), MICROMIX.get(i)), CHANNELS[i]));
            outputs.add(new MxQuantizeOutput(
                    gpu.simulator.allocate("tiles", (int) layout.elementBytes(MICROMIX.get(i), ROWS, CHANNELS[i])),
                    factors,
                    CHANNELS[i]));
        }
        gpu.launch(
                KernelVariant.of(spec, KernelKinds.algorithm(spec, algorithm), Target.SM_90A),
                new MxQuantizeArguments(
                        ROWS, COLUMNS, gpu.bf16(x), new PrologueOperands.None(), gpu.ints(channelOrder), outputs));
        InputQuantization input =
                new InputQuantization(new ChannelSplit(split, GroupLayout.GROUP), channelOrder, rule, transform);
        FoldedMatrix expected = FoldedMatrix.quantize(input, !mixed, x, ROWS);
        for (int i = 0; i < CHANNELS.length; i++) {
            // Rows of padding are left alone, and zero where they were made.
            assertThat(gpu.simulator.download(outputs.get(i).codes()))
                    .isEqualTo(expected.partitions().get(i).tiles());
        }
    }

    @ParameterizedTest
    @EnumSource
    void expandsAsTheHostFolds(ElementFormat format) {
        int channels = 160;
        PackedMatrix matrix = matrix(format, channels);
        PackedPartition packed = matrix.partitions().get(0);
        FoldedMatrix expected = FoldedMatrix.fold(matrix, OperandLayout.BF16, Side.WEIGHT);
        long tiles = gpu.simulator.allocate("tiles", (int) Bf16Tile.bytes(ROWS, channels));
        gpu.launch(
                variant(new MxExpandSpec(format)),
                new MxExpandArguments(
                        ROWS,
                        channels,
                        gpu.simulator.upload("codes", packed.codes()),
                        gpu.simulator.upload("scales", packed.scales(OperandLayout.TILED)),
                        gpu.floats(expected.factors()),
                        tiles));
        assertThat(gpu.simulator.download(tiles))
                .isEqualTo(expected.partitions().get(0).tiles());
    }

    @ParameterizedTest
    @EnumSource(names = "E2M3", mode = EnumSource.Mode.EXCLUDE)
    void unpacksWhatIsDecoded(ElementFormat format) {
        int channels = 160;
        FoldedMatrix streamed = FoldedMatrix.fold(matrix(format, channels), OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT);
        long tiles = gpu.simulator.allocate("tiles", (int) OperandLayout.MIXED.elementBytes(format, ROWS, channels));
        gpu.launch(
                variant(new MxUnpackSpec(format)),
                new MxUnpackArguments(
                        ROWS,
                        channels,
                        gpu.simulator.upload(
                                "fragments", streamed.partitions().get(0).tiles()),
                        tiles));
        assertThat(gpu.simulator.neverWritten(tiles)).isZero();
        FoldedMatrix unpacked = new FoldedMatrix(
                ROWS,
                List.of(new FoldedMatrix.Partition(format, channels, gpu.simulator.download(tiles))),
                streamed.factors(),
                streamed.roundedGroups());
        assertThat(FoldedValues.of(unpacked, OperandLayout.MIXED, Side.WEIGHT))
                .isEqualTo(FoldedValues.of(streamed, OperandLayout.MIXED_FRAGMENTS, Side.WEIGHT));
    }

    /** In two launches, as rows come in pieces; the second begins inside of a tile. */
    @ParameterizedTest
    @CsvSource({
        "E2M1, FRAGMENTS",
        "E3M2, FRAGMENTS",
        "E2M3, FRAGMENTS",
        "E2M1, CONTAINERS",
        "E3M2, CONTAINERS",
        "E4M3, MIXED_FRAGMENTS",
        "E5M2, MIXED_FRAGMENTS"
    })
    void foldsWeightsAsTheHostDoes(ElementFormat format, OperandLayout layout) {
        List<PackedPartition> partitions = List.of(
                random(format, ROWS, 160, 4), random(format, ROWS, 32, 4), random(ElementFormat.E2M3, ROWS, 64, 2));
        FoldedMatrix expected = FoldedMatrix.fold(new PackedMatrix(ROWS, partitions), layout, Side.WEIGHT);
        assertThat(expected.isExact()).isTrue();
        MxFoldSpec spec =
                new MxFoldSpec(partitions.stream().map(PackedPartition::format).toList(), layout);
        float[] ones = new float[ContainerTile.ROWS];
        Arrays.fill(ones, 1);
        long factors = gpu.floats(ones);
        long refused = gpu.ints(0);
        List<Long> tiles = expected.partitions().stream()
                .map(part -> gpu.simulator.upload("tiles", new byte[part.tiles().length]))
                .toList();
        for (int first = 0; first < ROWS; first += 3) {
            int rows = Math.min(3, ROWS - first);
            List<MxFoldArguments.Part> parts = new ArrayList<>();
            for (int i = 0; i < partitions.size(); i++) {
                PackedPartition given = rows(partitions.get(i), first, rows);
                parts.add(new MxFoldArguments.Part(
                        gpu.simulator.upload("codes", given.codes()),
                        gpu.simulator.upload("scales", given.scales()),
                        tiles.get(i),
                        given.channels()));
            }
            gpu.launch(variant(spec), new MxFoldArguments(rows, first, parts, factors, refused));
        }
        for (int i = 0; i < partitions.size(); i++) {
            assertThat(gpu.simulator.download(tiles.get(i)))
                    .isEqualTo(expected.partitions().get(i).tiles());
        }
        assertThat(gpu.simulator.download(factors)).isEqualTo(bytes(expected.factors()));
        assertThat(gpu.simulator.download(refused)).containsOnly(0);
    }

    @Test
    void tellsOfGroupsThatWouldBeRounded() {
        PackedPartition wide = random(ElementFormat.E2M1, ROWS, 64, 1);
        Arrays.fill(wide.codes(), (byte) 0x77);
        wide.scales()[0] = 100;
        wide.scales()[1] = 60;
        wide.scales()[2] = (byte) 255;
        PackedMatrix matrix = new PackedMatrix(ROWS, List.of(wide));
        long refused = gpu.ints(0);
        gpu.launch(
                variant(new MxFoldSpec(List.of(ElementFormat.E2M1), OperandLayout.FRAGMENTS)),
                new MxFoldArguments(
                        ROWS,
                        0,
                        List.of(new MxFoldArguments.Part(
                                gpu.simulator.upload("codes", wide.codes()),
                                gpu.simulator.upload("scales", wide.scales()),
                                gpu.simulator.allocate(
                                        "tiles", (int) new FragmentTile(ElementFormat.E2M1).bytes(ROWS, 64)),
                                64)),
                        gpu.room(ScalarType.FP32, ContainerTile.ROWS),
                        refused));
        assertThat(gpu.simulator.download(refused)[0]).isGreaterThanOrEqualTo((byte) 2);
        assertThat(FoldedMatrix.fold(matrix, OperandLayout.FRAGMENTS, Side.WEIGHT)
                        .isExact())
                .isFalse();
    }

    /** Any codes, groups of zeros among them, under scales that differ by up to {@code spread}. */
    private static PackedPartition random(ElementFormat format, int rows, int channels, int spread) {
        Random random = new Random(channels);
        byte[] codes = new byte[(int) (rows * CodePacking.bytes(format, channels))];
        random.nextBytes(codes);
        if (format.bits() == 8) {
            // Finite numbers alone.
            for (int i = 0; i < codes.length; i++) {
                codes[i] &= (byte) 0xfb;
            }
        }
        int groups = rows * channels / GroupLayout.GROUP;
        byte[] scales = new byte[groups];
        for (int group = 0; group < groups; group++) {
            scales[group] = (byte) (120 + random.nextInt(spread + 1));
            if (group % 5 == 3) {
                Arrays.fill(codes, group * format.bytesPerGroup(), (group + 1) * format.bytesPerGroup(), (byte) 0);
                scales[group] = (byte) random.nextInt(200);
            }
        }
        return new PackedPartition(format, rows, channels, codes, scales);
    }

    private static PackedPartition rows(PackedPartition of, int first, int count) {
        int codes = (int) CodePacking.bytes(of.format(), of.channels());
        return new PackedPartition(
                of.format(),
                count,
                of.channels(),
                Arrays.copyOfRange(of.codes(), first * codes, (first + count) * codes),
                Arrays.copyOfRange(of.scales(), first * of.rowScales(), (first + count) * of.rowScales()));
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static PackedMatrix matrix(ElementFormat format, int channels) {
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), channels);
        return ExactOperands.generate(split, 1, ROWS, 3).weight();
    }
}
