package org.mxforge.runtime.cuda.backend;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.WideTile;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.cuda.launch.MxExpandArguments;
import org.mxforge.runtime.cuda.launch.MxGemmArguments;
import org.mxforge.runtime.cuda.launch.MxGemmOperands;
import org.mxforge.runtime.tune.GemmShape;

/**
 * A product of packed operands through BF16: both are multiplied out into tiles for wgmma, then multiplied there. Exact for every
 * format; worth its passes when there are many tokens.
 *
 * @param factors ones, as many as an operand has rows at most, for all rows need no factor
 */
record Expansion(Gpu gpu, ScaleFactors factors) {
    /** From so many tokens on the passes are taken to pay: an estimate, which no measurement has confirmed. */
    private static final int LEAST_ROWS = 256;

    boolean pays(int rows) {
        return rows >= LEAST_ROWS;
    }

    /** Launches the product of {@code arguments}, whose operands are packed as {@link GroupLayout#TILED}. */
    void multiply(MxGemmSpec packed, GemmShape shape, MxGemmArguments arguments) {
        long ones = factors.ones(Math.max(arguments.m(), arguments.n()));
        List<Scratch> scratches = new ArrayList<>();
        try {
            List<MxGemmOperands> operands = new ArrayList<>();
            for (int i = 0; i < packed.pairs().size(); i++) {
                MxGemmOperands from = arguments.partitions().get(i);
                int channels = from.channels();
                Scratch a = expand(
                        packed.pairs().get(i).activation(),
                        arguments.m(),
                        channels,
                        from.activationCodes(),
                        from.activationScales(),
                        ones);
                scratches.add(a);
                Scratch b = expand(
                        packed.pairs().get(i).weight(),
                        arguments.n(),
                        channels,
                        from.weightCodes(),
                        from.weightScales(),
                        ones);
                scratches.add(b);
                operands.add(new MxGemmOperands(a.address(), ones, b.address(), ones, channels));
            }
            gpu.launch(
                    new MxGemmSpec(packed.pairs(), GroupLayout.EXPANDED, packed.epilogue(), packed.output()),
                    shape,
                    new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d()));
        } finally {
            // Whoever takes them next works behind this product on the same stream.
            scratches.forEach(Scratch::close);
        }
    }

    private Scratch expand(ElementFormat format, int rows, int channels, long codes, long scales, long ones) {
        Scratch tiles = gpu.scratch("an expanded operand of " + rows + " rows", WideTile.bytes(rows, channels));
        gpu.launch(
                new MxExpandSpec(format), new MxExpandArguments(rows, channels, codes, scales, ones, tiles.address()));
        return tiles;
    }
}
