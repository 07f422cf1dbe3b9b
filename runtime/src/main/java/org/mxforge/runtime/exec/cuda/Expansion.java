package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.WideTile;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;

/**
 * A product of packed operands through BF16: both are multiplied out into tiles for wgmma, then multiplied there. Exact for every
 * format; worth its passes when there are many tokens.
 *
 * @param factors ones, as many as an operand has rows at most, for all rows need no factor
 */
record Expansion(Gpu gpu, ScaleFactors factors) implements Detour {
    /** From so many tokens on the passes pay, in half the time of the portable kernel; for fewer nothing was measured. */
    private static final int LEAST_ROWS = 32;

    boolean pays(int rows) {
        return rows >= LEAST_ROWS;
    }

    @Override
    public boolean pays(MxGemmSpec packed, GemmShape shape) {
        return pays(shape.m());
    }

    /** The operands are packed as {@link GroupLayout#TILED}. */
    @Override
    public void multiply(MxGemmSpec packed, GemmShape shape, MxGemmArguments arguments) {
        expand(
                packed.pairs(),
                arguments.m(),
                arguments.n(),
                1,
                arguments.partitions(),
                operands -> gpu.launch(
                        expanded(packed),
                        shape,
                        new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d())));
    }

    /** The same with the weights of all experts, each of which is expanded. */
    void multiply(MxGroupedGemmSpec packed, GroupedShape shape, MxGroupedGemmArguments arguments) {
        MxGemmSpec expert = packed.expert();
        expand(
                expert.pairs(),
                arguments.m(),
                arguments.n(),
                shape.experts(),
                arguments.partitions(),
                operands -> gpu.launch(
                        new MxGroupedGemmSpec(expanded(expert)),
                        shape,
                        new MxGroupedGemmArguments(
                                arguments.m(),
                                arguments.n(),
                                arguments.routes(),
                                operands,
                                arguments.extra(),
                                arguments.d())));
    }

    private static MxGemmSpec expanded(MxGemmSpec packed) {
        return new MxGemmSpec(packed.pairs(), GroupLayout.EXPANDED, packed.epilogue(), packed.output());
    }

    private void expand(
            List<FormatPair> pairs,
            int m,
            int n,
            int experts,
            List<MxGemmOperands> packed,
            Consumer<List<MxGemmOperands>> product) {
        long ones = factors.ones(Math.max(m, Math.multiplyExact(experts, ScaleFactors.padded(n))));
        List<Scratch> scratches = new ArrayList<>();
        try {
            List<MxGemmOperands> operands = new ArrayList<>();
            for (int i = 0; i < pairs.size(); i++) {
                MxGemmOperands from = packed.get(i);
                int channels = from.channels();
                Packed a = new Packed(
                        pairs.get(i).activation(), m, channels, from.activationCodes(), from.activationScales());
                scratches.add(expand(a, 1, ones));
                Packed b = new Packed(pairs.get(i).weight(), n, channels, from.weightCodes(), from.weightScales());
                scratches.add(expand(b, experts, ones));
                operands.add(new MxGemmOperands(
                        scratches.get(2 * i).address(),
                        ones,
                        scratches.get(2 * i + 1).address(),
                        ones,
                        channels));
            }
            product.accept(operands);
        } finally {
            // Whoever takes them next works behind this product on the same stream.
            scratches.forEach(Scratch::close);
        }
    }

    /** {@code count} matrices, one after the other; each is padded for itself. */
    private Scratch expand(Packed first, int count, long ones) {
        long bytes = WideTile.bytes(first.rows, first.channels);
        Scratch tiles = gpu.scratch(count + " expanded operands of " + first.rows + " rows", count * bytes);
        for (int i = 0; i < count; i++) {
            gpu.launch(
                    new MxExpandSpec(first.format),
                    new MxExpandArguments(
                            first.rows,
                            first.channels,
                            first.codes + i * first.codeBytes(),
                            first.scales + i * first.scaleBytes(),
                            ones,
                            tiles.address() + i * bytes));
        }
        return tiles;
    }

    /** A partition of an operand, by the addresses of its codes and scales. */
    private record Packed(ElementFormat format, int rows, int channels, long codes, long scales) {
        long codeBytes() {
            return rows * CodePacking.bytes(format, channels);
        }

        long scaleBytes() {
            return GroupLayout.TILED.scales().bytes(rows, channels / GroupLayout.GROUP);
        }
    }
}
