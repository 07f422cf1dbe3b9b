package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** An algorithm with a CUDA kernel of its own. It decides everything about the kernel and leaves the writing to a template. */
public interface CudaAlgorithm<S extends KernelSpec> extends Algorithm<S> {
    /**
     * The plan of {@code variant}.
     *
     * @param spec {@code variant.spec()}
     */
    KernelPlan plan(S spec, KernelVariant variant);
}
