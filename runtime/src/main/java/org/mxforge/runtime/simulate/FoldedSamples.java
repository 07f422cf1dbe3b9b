package org.mxforge.runtime.simulate;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxFoldArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Sample operands whose scales are folded into their elements. */
final class FoldedSamples {
    private FoldedSamples() {}

    static List<MxGemmOperands> operands(MxGemmSpec spec, int m, int n, int experts, SampleArrays arrays) {
        List<ElementFormat> activations =
                spec.pairs().stream().map(FormatPair::activation).toList();
        List<ElementFormat> weights =
                spec.pairs().stream().map(FormatPair::weight).toList();
        FoldedMatrix a =
                FoldedMatrix.fold(matrix("A", activations, m, arrays), arrays.layout(Side.ACTIVATION), Side.ACTIVATION);
        FoldedMatrix b = FoldedMatrix.fold(matrix("B", weights, n, arrays), arrays.layout(Side.WEIGHT), Side.WEIGHT);
        long left = arrays.upload("factors of A", factors(a));
        long right = arrays.upload("factors of B", repeated(factors(b), experts));
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            operands.add(new MxGemmOperands(
                    arrays.upload("A, partition " + i, a.partitions().get(i).tiles()),
                    left,
                    arrays.upload(
                            "B, partition " + i, repeated(b.partitions().get(i).tiles(), experts)),
                    right,
                    arrays.size("k")));
        }
        return operands;
    }

    /** What the quantizer folds; it leaves the rows of padding as they are. */
    static List<MxQuantizeOutput> outputs(MxQuantizeSpec spec, int rows, SampleArrays arrays) {
        int k = arrays.size("k");
        long factors = arrays.room("factors", (long) Float.BYTES * padded(rows));
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < spec.formats().size(); i++) {
            outputs.add(new MxQuantizeOutput(
                    arrays.room(
                            "tiles of partition " + i,
                            arrays.layout(spec.side())
                                    .elementBytes(spec.formats().get(i), rows, k)),
                    factors,
                    k));
        }
        return outputs;
    }

    static MxExpandArguments expand(MxExpandSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int k = arrays.size("k");
        PackedMatrix matrix = matrix("the matrix", List.of(spec.format()), rows, arrays);
        PackedPartition partition = matrix.partitions().get(0);
        return new MxExpandArguments(
                rows,
                k,
                arrays.upload("codes", partition.codes()),
                arrays.upload("scales", partition.scales(OperandLayout.TILED)),
                arrays.upload("factors", factors(FoldedMatrix.fold(matrix, OperandLayout.BF16, Side.WEIGHT))),
                arrays.room("tiles", Bf16Tile.bytes(rows, k)));
    }

    static MxUnpackArguments unpack(MxUnpackSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int k = arrays.size("k");
        FoldedMatrix streamed = FoldedMatrix.fold(
                matrix("the weights", List.of(spec.format()), rows, arrays), spec.from(), Side.WEIGHT);
        return new MxUnpackArguments(
                rows,
                k,
                arrays.upload("fragments", streamed.partitions().get(0).tiles()),
                arrays.result("tiles", spec.to().elementBytes(spec.format(), rows, k)));
    }

    /** The rows given are those behind a whole tile of others. */
    static MxFoldArguments fold(MxFoldSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int k = arrays.size("k");
        int all = ContainerTile.ROWS + rows;
        List<MxFoldArguments.Part> parts = new ArrayList<>();
        for (PackedPartition partition :
                matrix("the weights", spec.formats(), rows, arrays).partitions()) {
            parts.add(new MxFoldArguments.Part(
                    arrays.upload("codes", partition.codes()),
                    arrays.upload("scales", partition.scales()),
                    arrays.room("tiles", spec.to().elementBytes(partition.format(), all, k)),
                    k));
        }
        return new MxFoldArguments(
                rows,
                ContainerTile.ROWS,
                parts,
                arrays.room("factors", (long) Float.BYTES * padded(all)),
                arrays.integers("refused", 1, i -> 0));
    }

    private static PackedMatrix matrix(String name, List<ElementFormat> formats, int rows, SampleArrays arrays) {
        int k = arrays.size("k");
        List<PackedPartition> partitions = new ArrayList<>();
        for (ElementFormat format : formats) {
            partitions.add(new PackedPartition(
                    format,
                    rows,
                    k,
                    arrays.randomElements(name, format, rows * CodePacking.bytes(format, k)),
                    arrays.randomScales(name, (long) rows * (k / GroupLayout.GROUP))));
        }
        return new PackedMatrix(rows, partitions);
    }

    private static int padded(int rows) {
        return (rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS * ContainerTile.ROWS;
    }

    private static byte[] factors(FoldedMatrix matrix) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * matrix.factors().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(matrix.factors());
        return bytes.array();
    }

    private static byte[] repeated(byte[] content, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(content);
        }
        return all.toByteArray();
    }
}
