package org.mxforge.runtime.exec.cuda;

import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.UnpackChoice;

/** A product whose packed weights, {@link OperandLayout#FRAGMENTS}, are unpacked to FP8 first; the same values, decoded once. */
record Unpacking(Gpu gpu, PassRunner passes) implements Detour {
    @Override
    public boolean pays(KernelProblem streamed, GemmShape shape) {
        return gpu.unpacks(streamed, shape);
    }

    @Override
    public void multiply(KernelProblem streamed, GemmShape shape, MxGemmArguments arguments) {
        passes.run(
                MxGemmKind.UNPACK_WGMMA.passes((MxGemmSpec) streamed.spec()),
                arguments.m(),
                arguments.n(),
                1,
                arguments.partitions(),
                operands -> gpu.launch(
                        UnpackChoice.unpacked(streamed),
                        shape,
                        new MxGemmArguments(arguments.m(), arguments.n(), operands, arguments.extra(), arguments.d())));
    }
}
