package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.simulate.Finding;
import org.mxforge.runtime.simulate.Simulation;
import org.mxforge.runtime.simulate.Simulator;

/** Runs a kernel of any kind on the operands that it is checked on, to see what it does, and whether a GPU leaves the same bits. */
public final class SampleLaunch {
    private final CheckCase of;

    private SampleLaunch(CheckCase of) {
        this.of = of.with(of.variant().kernel());
    }

    /**
     * Of {@code variant} on random numbers, always the same.
     *
     * @param sizes instead of the usual ones, by name; {@code k} is that of each partition
     * @throws MxForgeException if a size is unknown, or the kernel refuses it
     */
    public static SampleLaunch of(KernelVariant variant, Map<String, Integer> sizes) {
        try {
            CheckCase of = CheckCase.usual(variant, Device.SIMULATOR);
            for (Map.Entry<String, Integer> size : sizes.entrySet()) {
                List<Integer> own = of.sizes().values().getOrDefault(size.getKey(), List.of(0));
                of = of.with(of.sizes().with(size.getKey(), Collections.nCopies(own.size(), size.getValue())));
            }
            return new SampleLaunch(of);
        } catch (IllegalArgumentException e) {
            throw refused(variant, e);
        }
    }

    private static MxForgeException refused(KernelVariant variant, IllegalArgumentException e) {
        return new MxForgeException(
                "The kernel " + variant.spec().identifier() + " cannot be launched with these sizes: " + e.getMessage()
                        + ".",
                e);
    }

    /**
     * Emits, compiles and runs it in the simulator.
     *
     * @return what it did; results that are wrong, or of which it has left a part unwritten, are among the findings
     * @throws MxForgeException if the kernel refuses the sizes, or the simulator cannot run it
     */
    public Simulation run(ArtifactCache cache) {
        try (SimulatedMemory memory = new SimulatedMemory(new Simulator(cache), null)) {
            return simulate(memory, launched(memory));
        }
    }

    /**
     * The same, and runs it on a GPU too, whose functions the simulator takes where PTX only bounds them.
     *
     * @return what it did in the simulator; arrays that hold other bits on the GPU are among the findings, inputs too
     */
    public Simulation compare(ArtifactCache cache, CudaContext gpu) {
        return Simulator.like(gpu, cache, simulator -> {
            try (KernelStore kernels = new KernelStore(gpu, cache);
                    SimulatedMemory simulated = new SimulatedMemory(simulator, null);
                    GpuMemory real = new GpuMemory(gpu, kernels)) {
                Arrayed here = new Arrayed(simulated);
                Arrayed there = new Arrayed(real);
                Simulation simulation = simulate(simulated, launched(here));
                List<Finding> findings = new ArrayList<>(
                        there.launch(of.variant(), launched(there).arguments()));
                for (int i = 0; i < here.arrays.size(); i++) {
                    Array array = here.arrays.get(i);
                    difference(array.content(here), there.arrays.get(i).content(there))
                            .ifPresent(words -> findings.add(Finding.of(
                                    Finding.Kind.DIFFERENT_ON_GPU,
                                    of.variant().identifier(),
                                    "array '" + array.name + "' differs on "
                                            + gpu.device().name() + " in " + words)));
                }
                return simulation.with(findings);
            }
        });
    }

    private Trial.Launched launched(Memory memory) {
        try {
            return Trials.of(of.variant().spec()).launch(of, new Operands(memory));
        } catch (IllegalArgumentException e) {
            throw refused(of.variant(), e);
        }
    }

    private Simulation simulate(SimulatedMemory memory, Trial.Launched launched) {
        try {
            Simulation simulation = memory.simulate(of.variant(), launched.arguments());
            return simulation.with(launched.wanted().stream()
                    .flatMap(judge -> judge.judge(memory).fault().stream())
                    .map(fault ->
                            Finding.of(Finding.Kind.WRONG_RESULT, of.variant().identifier(), fault))
                    .toList());
        } catch (IllegalArgumentException e) {
            throw refused(of.variant(), e);
        }
    }

    /** How many bytes differ, and the first eight of which one does. */
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
                "%d of %d bytes, first in those from %d on: %s instead of %s",
                count,
                simulated.length,
                first / Long.BYTES * Long.BYTES,
                word(real, first),
                word(simulated, first)));
    }

    /** The 64 bits that byte {@code at} is in, as a number. */
    private static String word(byte[] bytes, int at) {
        int from = at / Long.BYTES * Long.BYTES;
        StringBuilder word = new StringBuilder();
        for (int i = Math.min(from + Long.BYTES, bytes.length) - 1; i >= from; i--) {
            word.append(HexFormat.of().toHexDigits(bytes[i]));
        }
        return word.toString();
    }

    /** An array by the name it was made under. */
    private record Array(String name, long address) {
        byte[] content(Memory memory) {
            return memory.download(address);
        }
    }

    /** Remembers the arrays that were made. */
    private record Arrayed(Memory memory, List<Array> arrays) implements Memory {
        Arrayed(Memory memory) {
            this(memory, new ArrayList<>());
        }

        @Override
        public long upload(String name, byte[] content) {
            return remember(name, memory.upload(name, content));
        }

        @Override
        public long uploadResult(String name, byte[] content) {
            return remember(name, memory.uploadResult(name, content));
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

        @Override
        public List<Finding> launch(KernelVariant variant, Record arguments) {
            return memory.launch(variant, arguments);
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
