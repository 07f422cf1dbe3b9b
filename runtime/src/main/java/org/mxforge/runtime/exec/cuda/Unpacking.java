package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.UnpackChoice;

/** A product whose packed weights, {@link GroupLayout#STREAMED}, are unpacked to FP8 first; the same values, decoded once. */
record Unpacking(Gpu gpu) implements Detour {
    @Override
    public boolean pays(MxGemmSpec streamed, GemmShape shape) {
        return gpu.unpacks(streamed, shape);
    }

    @Override
    public void multiply(MxGemmSpec streamed, GemmShape shape, MxGemmArguments arguments) {
        List<Scratch> scratches = new ArrayList<>();
        try {
            List<MxGemmOperands> operands = new ArrayList<>();
            for (int i = 0; i < streamed.pairs().size(); i++) {
                MxGemmOperands from = arguments.partitions().get(i);
                if (from.channels() == 0
                        || !streamed.keepsFragments(streamed.pairs().get(i))) {
                    operands.add(from);
                    continue;
                }
                Scratch tiles = unpacked(streamed.pairs().get(i).weight(), arguments.n(), from);
                scratches.add(tiles);
                operands.add(new MxGemmOperands(
                        from.activationCodes(),
                        from.activationScales(),
                        tiles.address(),
                        from.weightScales(),
                        from.channels()));
            }
            gpu.launch(
                    UnpackChoice.unpacked(streamed),
                    shape,
                    new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d()));
        } finally {
            // Whoever takes them next works behind this product on the same stream.
            scratches.forEach(Scratch::close);
        }
    }

    private Scratch unpacked(ElementFormat format, int rows, MxGemmOperands from) {
        Scratch tiles =
                gpu.scratch("unpacked weights of " + rows + " rows", ContainerTile.bytes(rows, from.channels()));
        gpu.launch(
                new MxUnpackSpec(format),
                new MxUnpackArguments(rows, from.channels(), from.weightCodes(), tiles.address()));
        return tiles;
    }
}
