package org.mxforge.runtime.exec.cuda;

import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.codegen.kernel.gemm.MxGroupedGemmKind;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;

/** A product of packed operands through BF16: exact for every format; worth its passes when there are many tokens. */
record Expansion(Gpu gpu, PassRunner passes) implements Detour {
    /** From so many tokens on the passes pay, in half the time of the portable kernel; for fewer nothing was measured. */
    private static final int LEAST_ROWS = 32;

    boolean pays(int rows) {
        return rows >= LEAST_ROWS;
    }

    @Override
    public boolean pays(KernelProblem packed, GemmShape shape) {
        return pays(shape.m());
    }

    /** The operands are packed as {@link OperandLayout#TILED}. */
    @Override
    public void multiply(KernelProblem packed, GemmShape shape, MxGemmArguments arguments) {
        passes.run(
                MxGemmKind.EXPAND_WGMMA.passes((MxGemmSpec) packed.spec()),
                arguments.m(),
                arguments.n(),
                1,
                arguments.partitions(),
                operands -> gpu.launch(
                        expanded(packed.spec()),
                        shape,
                        new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d())));
    }

    /** The same with the weights of all experts, each of which is expanded. */
    void multiply(MxGroupedGemmSpec packed, GroupedShape shape, MxGroupedGemmArguments arguments) {
        passes.run(
                MxGroupedGemmKind.EXPAND_WGMMA.passes(packed),
                arguments.m(),
                arguments.n(),
                shape.experts(),
                arguments.partitions(),
                operands -> gpu.launch(
                        expanded(packed),
                        shape,
                        new MxGroupedGemmArguments(
                                arguments.m(),
                                arguments.n(),
                                arguments.routes(),
                                operands,
                                arguments.extra(),
                                arguments.d())));
    }

    private static KernelProblem expanded(KernelSpec packed) {
        return new KernelProblem(packed, OperandLayout.BF16);
    }
}
