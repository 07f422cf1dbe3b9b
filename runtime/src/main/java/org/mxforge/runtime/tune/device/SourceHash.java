package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.cache.CacheKey;

/** What identifies the source of a kernel in wisdom; needs no device. */
public final class SourceHash {
    private SourceHash() {}

    /**
     * SHA-256, in hex, over the source emitted for {@code variant}.
     *
     * @throws IllegalArgumentException if nothing can be emitted for it
     */
    public static String of(KernelVariant variant) {
        String text = variant.target().isGpu()
                ? CudaEmitter.emit(variant).text()
                : CpuEmitter.emit(variant).text();
        return new CacheKey("source", List.of(text)).hash();
    }
}
