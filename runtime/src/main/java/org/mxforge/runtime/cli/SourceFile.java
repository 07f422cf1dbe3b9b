package org.mxforge.runtime.cli;

import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.KernelVariant;

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
        JavaSource source = CpuEmitter.emit(variant);
        return new SourceFile(source.className() + ".java", source.text());
    }
}
