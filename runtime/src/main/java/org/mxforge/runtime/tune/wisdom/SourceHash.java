package org.mxforge.runtime.tune.wisdom;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.cache.ArtifactCache;

/** What identifies the source of a kernel in wisdom; needs no device. */
final class SourceHash {
    private SourceHash() {}

    /**
     * SHA-256, in hex, over the source emitted for {@code variant} and for the passes before it.
     *
     * @throws IllegalArgumentException if nothing can be emitted for it
     */
    static String of(KernelVariant variant) {
        Stream<String> passes = variant.algorithm().passes(variant.spec()).stream()
                .map(pass -> KernelVariant.of(pass.spec(), variant.target()))
                .distinct()
                .map(SourceHash::text);
        List<String> texts =
                Stream.concat(Stream.of(text(variant.kernel())), passes).toList();
        return new ArtifactCache.Key("source", texts).hash();
    }

    private static String text(KernelVariant variant) {
        return variant.target().isGpu()
                ? CudaEmitter.emit(variant).text()
                : CpuEmitter.emit(variant).text();
    }
}
