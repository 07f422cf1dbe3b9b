package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.FoldedValues;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** What brings operands into the form that the tensor cores of sm_90a read: byte for byte what the host makes. */
final class FoldTrials {
    private FoldTrials() {}

    /** Kernels that move and scale powers of two, which no data makes inexact. */
    private interface Exact extends Trial {
        @Override
        default Set<Data> data() {
            return EnumSet.complementOf(EnumSet.of(Data.EXACT));
        }

        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return true;
        }
    }

    private static List<Extent> extents(int partitions) {
        return List.of(Extent.any("rows", 5, 150), new Extent("k", 96, 32, 32, 384, partitions));
    }

    private static PackedMatrix matrix(List<ElementFormat> formats, CheckCase of, OperandLayout layout) {
        List<Partition> partitions = IntStream.range(0, formats.size())
                .mapToObj(i -> new Partition(
                        new FormatPair(formats.get(i), formats.get(i)),
                        of.sizes().all("k").get(i)))
                .toList();
        ChannelSplit split = new ChannelSplit(partitions, GroupLayout.GROUP);
        PackedMatrix matrix = Draw.of(of).packed(split, Side.WEIGHT, of.sizes().get("rows"), layout);
        for (PackedPartition partition : matrix.partitions()) {
            for (int i = 0; i < partition.scales().length; i++) {
                // A NaN makes the row's factor one, and its elements any.
                partition.scales()[i] =
                        partition.scales()[i] == -1 ? 127 : partition.scales()[i];
            }
        }
        return matrix;
    }

    /** Packed codes to BF16. */
    record MxExpand(MxExpandSpec spec) implements Exact {
        @Override
        public List<Extent> extents() {
            return FoldTrials.extents(1);
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            PackedMatrix matrix = matrix(List.of(spec.format()), of, spec.to());
            PackedPartition packed = matrix.partitions().get(0);
            FoldedMatrix expected = FoldedMatrix.fold(matrix, spec.to(), Side.WEIGHT);
            byte[] wanted = expected.partitions().get(0).tiles();
            long tiles = operands.zeros("tiles", wanted.length);
            return new Launched(
                    new MxExpandArguments(
                            matrix.rows(),
                            packed.channels(),
                            operands.bytes("codes", packed.codes()),
                            operands.bytes("scales", packed.scales(spec.from())),
                            operands.floats("factors", expected.factors()),
                            tiles),
                    Wanted.of("tiles", tiles, ScalarType.BF16, 64, bf16(wanted)));
        }
    }

    private static float[] bf16(byte[] tiles) {
        float[] values = new float[tiles.length / Short.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat((tiles[2 * i] & 0xff | tiles[2 * i + 1] << Byte.SIZE) << Short.SIZE);
        }
        return values;
    }

    /** Fragments to containers: what is read of them is the same. */
    record MxUnpack(MxUnpackSpec spec) implements Exact {
        @Override
        public List<Extent> extents() {
            return FoldTrials.extents(1);
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            PackedMatrix matrix = matrix(List.of(spec.format()), of, spec.from());
            FoldedMatrix fragments = FoldedMatrix.fold(matrix, spec.from(), Side.WEIGHT);
            int rows = matrix.rows();
            int channels = matrix.partitions().get(0).channels();
            long tiles = operands.room("tiles", spec.to().elementBytes(spec.format(), rows, channels));
            Wanted wanted = Wanted.of(
                    "tiles", tiles, ScalarType.FP32, channels, FoldedValues.of(fragments, spec.from(), Side.WEIGHT));
            return new Launched(
                    new MxUnpackArguments(
                            rows,
                            channels,
                            operands.bytes(
                                    "fragments", fragments.partitions().get(0).tiles()),
                            tiles),
                    wanted.reading(array -> FoldedValues.of(
                            new FoldedMatrix(
                                    rows,
                                    List.of(new FoldedMatrix.Partition(spec.format(), channels, array)),
                                    fragments.factors(),
                                    0),
                            spec.to(),
                            Side.WEIGHT)));
        }
    }

    /** Packed codes and scales to folded ones, behind rows that are there already. */
    record MxFold(MxFoldSpec spec) implements Exact {
        @Override
        public List<Extent> extents() {
            return FoldTrials.extents(spec.formats().size());
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            PackedMatrix matrix = matrix(spec.formats(), of, spec.to());
            FoldedMatrix expected = FoldedMatrix.fold(matrix, spec.to(), Side.WEIGHT);
            long factors = operands.floats("factors", Draw.same(1, expected.factors().length));
            long refused = operands.ints("refused", 0);
            List<MxFoldArguments.Part> parts = new ArrayList<>();
            List<Wanted> wanted = new ArrayList<>();
            for (int i = 0; i < spec.formats().size(); i++) {
                PackedPartition packed = matrix.partitions().get(i);
                byte[] tiles = expected.partitions().get(i).tiles();
                long result = operands.zeros("tiles of partition " + i, tiles.length);
                parts.add(new MxFoldArguments.Part(
                        operands.bytes("codes of partition " + i, packed.codes()),
                        operands.bytes("scales of partition " + i, packed.scales()),
                        result,
                        packed.channels()));
                wanted.add(Wanted.ofBytes("tiles of partition " + i, result, 128, tiles));
            }
            wanted.add(Wanted.of("factors", factors, ScalarType.FP32, 128, expected.factors()));
            wanted.add(Wanted.ofInts("refused", refused, 1, 0));
            return new Launched(new MxFoldArguments(matrix.rows(), 0, parts, factors, refused), wanted);
        }
    }

    /** Plain rows to BF16 tiles. */
    record DenseTile() implements Exact {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 5, 150), Extent.of("columns", 264, 8, 8, 400));
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            float[] values = Draw.of(of).numbers(ScalarType.BF16, rows * columns);
            byte[] wanted = DenseGemmTrial.tiles(values, rows, columns);
            long tiles = operands.zeros("tiles", wanted.length);
            return new Launched(
                    new DenseTileArguments(rows, columns, operands.bf16("values", values), tiles),
                    Wanted.of("tiles", tiles, ScalarType.BF16, 64, bf16(wanted)));
        }
    }
}
