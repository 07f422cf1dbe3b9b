package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.simulate.Finding;
import org.mxforge.runtime.simulate.Simulator;

/** Runs cases, and keeps what it compiled and opened for them. Not safe for concurrent use. */
public final class Checker implements AutoCloseable {
    private final ArtifactCache cache = ArtifactCache.user();
    private final Simulator simulator = new Simulator(cache);
    private CudaContext gpu;
    private KernelStore kernels;
    private Host host;

    /**
     * What kernels for the first GPU are emitted for; empty if there is none.
     *
     * @throws MxForgeException if there is one that cannot be used, saying why
     */
    public static Optional<Target> gpu() {
        return CudaDevice.find().map(CudaDevice::target);
    }

    /**
     * Emits, compiles and runs the kernel of {@code of} on operands as it says, and compares the result.
     *
     * @throws MxForgeException if there is no such device, the kernel does not compile, or the simulator cannot run it
     * @throws IllegalArgumentException if there is no such kernel, or it refuses the sizes
     */
    public Outcome check(CheckCase of) {
        return switch (of.device()) {
            case SIMULATOR, GPU -> launched(of, memory(of.device()));
            case CPU -> {
                host = host == null ? new Host(cache) : host;
                yield outcome(
                        of, List.of(), judged(Trials.of(of.variant().spec()).run(of, host), null));
            }
        };
    }

    /**
     * The same with a text of the kernel that is not the emitted one, by the simulator.
     *
     * @param source of the kernel of {@code of}, with its launch signature
     */
    public Outcome check(CheckCase of, CudaSource source) {
        return launched(of, new SimulatedMemory(simulator, source));
    }

    /** Empty memory of a device that runs CUDA kernels. */
    Memory memory(Device device) {
        return device == Device.GPU ? new GpuMemory(opened(), kernels) : new SimulatedMemory(simulator, null);
    }

    private Outcome launched(CheckCase of, Memory memory) {
        try (memory) {
            CheckCase kernel = of.with(of.variant().kernel());
            Trial.Launched launched = Trials.of(of.variant().spec()).launch(kernel, new Operands(memory));
            List<Finding> findings = memory.launch(kernel.variant(), launched.arguments());
            return outcome(of, findings, judged(launched.wanted(), memory));
        }
    }

    private static List<Verdict> judged(List<? extends Verdict.Judge> wanted, Memory memory) {
        List<Verdict> verdicts = new ArrayList<>();
        wanted.forEach(judge -> verdicts.add(judge.judge(memory)));
        return verdicts;
    }

    private static Outcome outcome(CheckCase of, List<Finding> findings, List<Verdict> verdicts) {
        Optional<String> fault =
                verdicts.stream().flatMap(verdict -> verdict.fault().stream()).findFirst();
        double worst = verdicts.stream().mapToDouble(Verdict::worst).max().orElse(0);
        double signal = verdicts.stream().mapToDouble(Verdict::signal).sum();
        double noise = verdicts.stream().mapToDouble(Verdict::noise).sum();
        return new Outcome(
                of,
                of.layer(),
                fault,
                worst,
                10 * Math.log10(signal / noise),
                findings,
                verdicts.get(0).errors());
    }

    private CudaContext opened() {
        if (gpu == null) {
            if (gpu().isEmpty()) {
                throw new MxForgeException("There is no GPU: check kernels with the simulator.");
            }
            gpu = CudaContext.openFirst();
            kernels = new KernelStore(gpu, cache);
        }
        return gpu;
    }

    @Override
    public void close() {
        if (kernels != null) {
            kernels.close();
            gpu.close();
        }
        if (host != null) {
            host.close();
        }
    }
}
