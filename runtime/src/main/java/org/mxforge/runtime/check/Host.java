package org.mxforge.runtime.check;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.exec.cpu.GemmRunner;

/** The host's kernels, emitted and compiled when first asked for, and threads to run them. */
final class Host implements AutoCloseable {
    private final JavaJit jit;
    private final GemmRunner runner = GemmRunner.on(1);
    private final Map<KernelVariant, Object> kernels = new HashMap<>();

    Host(ArtifactCache cache) {
        this.jit = new JavaJit(cache);
    }

    GemmRunner runner() {
        return runner;
    }

    <T> T kernel(KernelVariant variant, Class<T> type) {
        return type.cast(kernels.computeIfAbsent(variant, own -> jit.instantiate(CpuEmitter.emit(own), type)));
    }

    @Override
    public void close() {
        runner.close();
    }
}
