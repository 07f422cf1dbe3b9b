package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.UnpackChoice;

/** A product whose packed weights, {@link GroupLayout#STREAMED}, are unpacked to FP8 first; the same values, decoded once. */
record Unpacking(Gpu gpu, PassRunner passes) implements Detour {
    @Override
    public boolean pays(MxGemmSpec streamed, GemmShape shape) {
        return gpu.unpacks(streamed, shape);
    }

    @Override
    public void multiply(MxGemmSpec streamed, GemmShape shape, MxGemmArguments arguments) {
        passes.run(
                passes(streamed),
                arguments.m(),
                arguments.n(),
                1,
                arguments.partitions(),
                operands -> gpu.launch(
                        UnpackChoice.unpacked(streamed),
                        shape,
                        new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d())));
    }

    private static List<Pass> passes(MxGemmSpec streamed) {
        List<Pass> all = new ArrayList<>();
        for (int i = 0; i < streamed.pairs().size(); i++) {
            FormatPair pair = streamed.pairs().get(i);
            if (streamed.keepsFragments(pair)) {
                all.add(new Pass(Side.WEIGHT, i, new MxUnpackSpec(pair.weight())));
            }
        }
        return all;
    }
}
