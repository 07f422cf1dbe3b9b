package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.launcher.LauncherEmitter;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.Launcher;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.KernelCompiler;

/** One kernel on the same operands in the simulator and on a GPU. All arrays must hold the same bits afterwards, the inputs too. */
final class GpuComparison {
    private final CudaContext gpu;
    private final ArtifactCache cache;

    GpuComparison(CudaContext gpu, ArtifactCache cache) {
        this.gpu = gpu;
        this.cache = cache;
    }

    /** What {@code variant} did in the simulator; arrays that the GPU has left with other bits are among the findings. */
    Simulation run(KernelVariant variant, Map<String, Integer> sizes) {
        try (GpuFunctions functions = new GpuFunctions(gpu);
                GpuMemory memory = new GpuMemory(gpu)) {
            TensorCores tensorCores = TensorCores.of(gpu.device().computeCapability());
            Simulator simulator = new Simulator(cache, tensorCores, functions);
            Arrayed simulated = new Arrayed(simulator);
            Arrayed real = new Arrayed(memory);
            Simulation simulation =
                    SampleLaunch.sample(variant, sizes, simulated).run(simulator, variant);
            launch(variant, SampleLaunch.sample(variant, sizes, real).arguments());
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < simulated.arrays.size(); i++) {
                Array array = simulated.arrays.get(i);
                difference(array.content(simulator), real.arrays.get(i).content(memory))
                        .ifPresent(words -> findings.add(Finding.of(
                                Finding.Kind.DIFFERENT_ON_GPU,
                                variant.spec().identifier(),
                                "array '" + array.name + "' differs on "
                                        + gpu.device().name() + " in " + words)));
            }
            return simulation.with(findings);
        }
    }

    private <A> void launch(KernelVariant variant, A arguments) {
        CudaSource source = CudaEmitter.emit(variant);
        ImageKind kind = ImageKind.reaching(variant.target(), gpu.device().computeCapability());
        CompiledKernel compiled = new KernelCompiler(cache).compile(source, kind);
        CudaKernel kernel = gpu.load(compiled, source.entryPoint());
        @SuppressWarnings("unchecked") // An emitted launcher casts its arguments to the record of its stem.
        Launcher<A> launcher =
                (Launcher<A>) new JavaJit(cache).instantiate(LauncherEmitter.emit(source), Launcher.class);
        try (CudaStream stream = gpu.stream()) {
            launcher.launch(kernel, stream, arguments);
            stream.synchronize();
        }
    }

    /** How many bytes differ, and the first of them. */
    private static Optional<String> difference(byte[] simulated, byte[] real) {
        int first = Arrays.mismatch(simulated, real);
        if (first < 0) {
            return Optional.empty();
        }
        int count = 0;
        for (int i = 0; i < simulated.length; i++) {
            count += simulated[i] == real[i] ? 0 : 1;
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%d of %d bytes, first in byte %d: %02x instead of %02x",
                count,
                simulated.length,
                first,
                real[first],
                simulated[first]));
    }

    /** An array by the name it was made under. */
    private record Array(String name, long address) {
        byte[] content(SampleMemory memory) {
            return memory.download(address);
        }
    }

    /** Remembers the arrays that were made. */
    private record Arrayed(SampleMemory memory, List<Array> arrays) implements SampleMemory {
        Arrayed(SampleMemory memory) {
            this(memory, new ArrayList<>());
        }

        @Override
        public long upload(String name, byte[] content) {
            return remember(name, memory.upload(name, content));
        }

        @Override
        public long allocate(String name, int bytes) {
            return remember(name, memory.allocate(name, bytes));
        }

        private long remember(String name, long address) {
            arrays.add(new Array(name, address));
            return address;
        }

        @Override
        public byte[] download(long address) {
            return memory.download(address);
        }
    }
}
