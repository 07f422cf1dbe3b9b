package org.mxforge.runtime.exec.cuda;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;

/** A product of packed operands through BF16: exact for every format; worth its passes when there are many tokens. */
record Expansion(Gpu gpu, PassRunner passes) implements Detour {
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
        passes.run(
                passes(packed),
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
        passes.run(
                passes(expert),
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

    private static List<Pass> passes(MxGemmSpec packed) {
        List<Pass> all = new ArrayList<>();
        for (int i = 0; i < packed.pairs().size(); i++) {
            for (Side side : Side.values()) {
                all.add(new Pass(
                        side, i, new MxExpandSpec(side.format(packed.pairs().get(i)))));
            }
        }
        return all;
    }
}
