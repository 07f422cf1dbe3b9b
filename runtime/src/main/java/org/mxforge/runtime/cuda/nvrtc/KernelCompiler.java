package org.mxforge.runtime.cuda.nvrtc;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;

/**
 * Kernel variants to machine code, through the cache. Needs no GPU. Safe for concurrent use; different kernels compile in
 * parallel.
 */
public final class KernelCompiler {
    private final ArtifactCache cache;

    public KernelCompiler(ArtifactCache cache) {
        this.cache = cache;
    }

    /**
     * Emits and compiles {@code variant}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if there is no compiler or the kernel does not compile
     */
    public CompiledKernel compile(KernelVariant variant, ImageKind kind) {
        return compile(CudaEmitter.emit(variant), kind);
    }

    /** Compiles an emitted kernel for its variant's target. */
    public CompiledKernel compile(CudaSource source, ImageKind kind) {
        Target target = source.variant().target();
        Nvrtc nvrtc = Nvrtc.load();
        List<String> parts = new ArrayList<>(List.of(
                CompiledKernelFile.VERSION,
                "nvrtc " + nvrtc.version(),
                target.text(),
                source.entryPoint(),
                source.text()));
        parts.addAll(Nvrtc.options(target, kind));
        ArtifactCache.Key key = new ArtifactCache.Key(kind == ImageKind.CUBIN ? "cubin" : "ptx", parts);
        return CompiledKernelFile.read(cache.get(
                key, () -> CompiledKernelFile.write(nvrtc.compile(source.entryPoint(), source.text(), target, kind))));
    }
}
