package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.kernel.KernelProblem;

/** Launches of kernels, chosen by what is to be computed. */
interface Launches {
    /** Says that {@code spec} will probably be launched, so that compiling it can begin; on a second start it is in the cache. */
    void expect(KernelSpec spec);

    /** The same for a GEMM or a quantizer whose operands lie in a given way. */
    void expect(KernelProblem problem);

    /** Launches {@code spec}; {@code arguments} is the record of its stem. */
    <A> void launch(KernelSpec spec, A arguments);

    /** Launches {@code spec} by {@code algorithm}, which has no passes; {@code arguments} is the record of its stem. */
    <S extends KernelSpec, A> void launch(S spec, Algorithm<S> algorithm, A arguments);

    /** What computes {@code problem} for this shape. */
    <A> ShapedKernel<A> choose(KernelProblem problem, KernelShape shape);

    /** Says what part of a model the next launches belong to. */
    void at(String place);

    /** How the weight of a layer with this product and {@code n} outputs is to be kept. */
    OperandLayout layout(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k);
}
