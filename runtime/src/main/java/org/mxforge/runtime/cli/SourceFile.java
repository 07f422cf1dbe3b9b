package org.mxforge.runtime.cli;

import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.MxForgeException;

/**
 * The generated source of a kernel, whatever its language.
 *
 * @param name file name
 * @param text the whole file
 */
record SourceFile(String name, String text) {
    static SourceFile of(KernelVariant variant) {
        if (variant.target().isGpu()) {
            return new SourceFile(
                    variant.spec().identifier() + ".cu",
                    CudaEmitter.emit(variant).text());
        }
        throw new MxForgeException("the source of CPU kernels cannot be shown yet: choose a GPU target");
    }
}
