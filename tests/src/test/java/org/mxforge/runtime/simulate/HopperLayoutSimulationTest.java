package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.pack.FoldedValues;
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
        "containers, CEIL, 3",
        "containers, CEIL, 60",
        "containers, FLOOR, 12",
        "containers, EVEN, 12",
        "spread, CEIL, 3",
        "spread, CEIL, 60",
        "spread, FLOOR, 12",
        "spread, EVEN, 12"
    })
    void quantizesAndFolds(String algorithm, ScaleRule rule, int spread) {
        MxQuantizeSpec spec = new MxQuantizeSpec(
                Side.ACTIVATION, MICROMIX, rule, GroupLayout.MX, Prologue.NONE, ScalarType.BF16, Tolerance.WITHIN_4);
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
                    gpu.simulator.allocate("tiles", (int) ContainerTile.bytes(ROWS, CHANNELS[i])),
                    factors,
                    CHANNELS[i]));
        }
        gpu.launch(
                KernelVariant.of(spec, KernelKinds.algorithm(spec, algorithm), Target.SM_90A),
                new MxQuantizeArguments(
                        ROWS, COLUMNS, gpu.bf16(x), new PrologueOperands.None(), gpu.ints(channelOrder), outputs));
        InputQuantization input = new InputQuantization(new ChannelSplit(split, GroupLayout.GROUP), channelOrder, rule);
        FoldedMatrix expected = FoldedMatrix.quantize(input, true, x, ROWS);
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
    @EnumSource(names = {"E2M1", "E3M2"})
    void unpacksWhatIsDecoded(ElementFormat format) {
        int channels = 160;
        FoldedMatrix streamed = FoldedMatrix.fold(matrix(format, channels), OperandLayout.FRAGMENTS, Side.WEIGHT);
        long tiles = gpu.simulator.allocate("tiles", (int) ContainerTile.bytes(ROWS, channels));
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
        assertThat(FoldedValues.of(unpacked, OperandLayout.CONTAINERS, Side.WEIGHT))
                .isEqualTo(FoldedValues.of(streamed, OperandLayout.FRAGMENTS, Side.WEIGHT));
    }

    private static PackedMatrix matrix(ElementFormat format, int channels) {
        ChannelSplit split = ChannelSplit.uniform(new FormatPair(format, format), channels);
        return ExactOperands.generate(split, 1, ROWS, 3).weight();
    }
}
