package org.mxforge.runtime.tune.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.exec.cpu.GemmRunner;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** The host's cores, with the number of threads that a backend has. */
public final class CpuTuningDevice implements TuningDevice {
    private final String name;
    private final JavaJit jit;
    private final GemmRunner runner;
    private final Map<KernelVariant, Object> kernels = new HashMap<>();

    public CpuTuningDevice(int threads, JavaJit jit) {
        this.name = CpuModel.name() + ", " + threads + (threads == 1 ? " thread" : " threads");
        this.jit = jit;
        this.runner = GemmRunner.on(threads);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Target target() {
        return Target.CPU;
    }

    @Override
    public Toolchain toolchain() {
        String machine = System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
        return new Toolchain(ToolVersion.TEXT, "javac " + Runtime.version(), "", machine);
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return kind(problem, shape).isPresent();
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        return kind(problem, shape)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no trials can be made on the CPU of '" + problem.spec().text() + "' for " + shape.text()))
                .trial(this, problem.spec(), shape);
    }

    private static Optional<HostTrialKind<KernelSpec, KernelShape>> kind(KernelProblem problem, KernelShape shape) {
        return TrialKinds.of(problem, shape)
                .flatMap(kind -> kind instanceof HostTrialKind<KernelSpec, KernelShape> host
                        ? Optional.of(host)
                        : Optional.empty());
    }

    @Override
    public void close() {
        runner.close();
    }

    GemmRunner runner() {
        return runner;
    }

    /** The kernel of {@code variant}; one instance for all shapes, so that the JVM warms it up once. */
    <T> T kernel(KernelVariant variant, Class<T> type) {
        return type.cast(kernels.computeIfAbsent(variant, v -> compile(v, type)));
    }

    private <T> T compile(KernelVariant variant, Class<T> type) {
        JavaSource source = CpuEmitter.emit(variant);
        try {
            return jit.instantiate(source, type);
        } catch (IllegalArgumentException e) {
            // Emitting may refuse a configuration; from here on it is a fault of the emitted source.
            throw new MxForgeException(e.getMessage(), e);
        }
    }
}
