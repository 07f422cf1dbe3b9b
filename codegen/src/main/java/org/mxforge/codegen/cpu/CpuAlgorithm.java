package org.mxforge.codegen.cpu;

import com.palantir.javapoet.TypeSpec;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** An algorithm with a kernel for the CPU. */
public interface CpuAlgorithm<S extends KernelSpec> extends Algorithm<S> {
    /**
     * The class of {@code variant}, called {@code className}; it implements the runtime's interface of its stem.
     *
     * @param spec {@code variant.spec()}
     */
    TypeSpec type(S spec, KernelVariant variant, String className);
}
