package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * The operands of one mixed product in host memory.
 *
 * @param spec what is computed
 * @param layout how weights lie
 * @param activation A
 * @param weight B, of all experts one below the other
 * @param operand the epilogue's: bias [N], a matrix [M][N], or nothing
 */
record Product(MxGemmSpec spec, OperandLayout layout, PackedMatrix activation, PackedMatrix weight, float[] operand) {
    /** Operands of the case's class; {@code n} counts the columns of all experts. */
    static Product of(MxGemmSpec spec, OperandLayout layout, CheckCase of, int m, int n) {
        Draw draw = Draw.of(of);
        ChannelSplit split = split(spec, of.sizes().all("k"));
        if (of.data() == Data.EXACT) {
            // The sums of FP8 tensor cores are narrower.
            ExactOperands exact = layout.isFolded() && layout != OperandLayout.BF16
                    ? ExactOperands.sparse(split, m, n, of.seed())
                    : ExactOperands.generate(split, m, n, of.seed());
            return new Product(spec, layout, exact.activation(), exact.weight(), operand(spec.epilogue(), exact));
        }
        PackedMatrix a = draw.packed(split, Side.ACTIVATION, m, layout.activations());
        PackedMatrix b = draw.packed(split, Side.WEIGHT, n, layout);
        return new Product(
                spec,
                layout,
                a,
                b,
                draw.numbers(operandType(spec.epilogue(), spec.output()), count(spec.epilogue(), m, n)));
    }

    static int count(Epilogue epilogue, int m, int n) {
        return epilogue.operand().count(m, n);
    }

    static ScalarType operandType(Epilogue epilogue, ScalarType output) {
        return epilogue.operand() == Epilogue.Operand.COLUMNS ? ScalarType.BF16 : output;
    }

    private static float[] operand(Epilogue epilogue, ExactOperands exact) {
        return switch (epilogue.operand()) {
            case NONE -> new float[0];
            case COLUMNS -> exact.bias();
            case MATRIX -> exact.residual();
        };
    }

    static ChannelSplit split(MxGemmSpec spec, List<Integer> channels) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            partitions.add(new Partition(spec.pairs().get(i), channels.get(i)));
        }
        return new ChannelSplit(partitions, GroupLayout.GROUP, spec.groups());
    }

    int m() {
        return activation.rows();
    }

    int n() {
        return weight.rows();
    }

    /** The product of some rows with the weights of one expert of {@code columns} columns. */
    Product part(int firstRow, int rows, int expert, int columns) {
        int[] lines = IntStream.range(firstRow, firstRow + rows).toArray();
        int[] places = IntStream.range(expert * columns, (expert + 1) * columns).toArray();
        float[] own =
                switch (spec.epilogue().operand()) {
                    case NONE -> operand;
                    case COLUMNS -> pick(IntStream.of(places));
                    case MATRIX ->
                        pick(IntStream.of(lines)
                                .flatMap(row -> IntStream.of(places).map(place -> row * n() + place)));
                };
        return new Product(spec, layout, activation.withRows(lines), weight.withRows(places), own);
    }

    private float[] pick(IntStream places) {
        int[] all = places.toArray();
        float[] picked = new float[all.length];
        for (int i = 0; i < all.length; i++) {
            picked[i] = operand[all[i]];
        }
        return picked;
    }
}
