package org.mxforge.runtime.simulate;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;

/** Runs a kernel of any kind on operands of given sizes and random content, to see what it does rather than what it computes. */
public final class SampleLaunch {
    private static final Map<String, Integer> USUAL = Map.ofEntries(
            Map.entry("columns", 264),
            Map.entry("experts", 6),
            Map.entry("head", 64),
            Map.entry("heads", 4),
            Map.entry("k", 96),
            Map.entry("kvHeads", 2),
            Map.entry("m", 40),
            Map.entry("n", 72),
            Map.entry("perToken", 2),
            Map.entry("rows", 5),
            Map.entry("start", 9));

    /** What makes the argument record of a stem. */
    private static final Map<String, BiFunction<KernelSpec, SampleArrays, Object>> STEMS = stems();

    private SampleLaunch() {}

    private static Map<String, BiFunction<KernelSpec, SampleArrays, Object>> stems() {
        Map<String, BiFunction<KernelSpec, SampleArrays, Object>> stems = new TreeMap<>(RowSamples.STEMS);
        stems.putAll(ExpertSamples.STEMS);
        stems.putAll(ProductSamples.STEMS);
        return stems;
    }

    /** The sizes that there are, in alphabetical order, and their values where nobody says others. {@code k} is that of each partition. */
    public static Map<String, Integer> usualSizes() {
        return new TreeMap<>(USUAL);
    }

    /**
     * Emits, compiles and runs {@code variant}.
     *
     * @param sizes instead of the usual ones
     * @return what it did; what it has left unwritten of its results is among the findings
     * @throws MxForgeException if a size is unknown, the kernel refuses the sizes, or the simulator cannot run it
     */
    public static Simulation run(KernelVariant variant, Map<String, Integer> sizes, ArtifactCache cache) {
        return launchable(variant, () -> {
            Simulator simulator = new Simulator(cache);
            return sample(variant, sizes, simulator).run(simulator, variant);
        });
    }

    /**
     * The same, and runs it on a GPU too, whose functions the simulator takes where PTX only bounds them.
     *
     * @return what it did in the simulator; arrays that hold other bits on the GPU are among the findings
     */
    public static Simulation compare(
            KernelVariant variant, Map<String, Integer> sizes, ArtifactCache cache, CudaContext gpu) {
        return launchable(variant, () -> new GpuComparison(gpu, cache).run(variant, sizes));
    }

    /** The launch of {@code variant} with operands in {@code memory}, the same ones each time. */
    static Sample sample(KernelVariant variant, Map<String, Integer> sizes, SampleMemory memory) {
        Map<String, Integer> all = usualSizes();
        sizes.forEach((name, value) -> {
            if (all.put(name, value) == null) {
                throw new MxForgeException("There is no size '" + name + "': there are "
                        + String.join(", ", usualSizes().keySet()) + ".");
            }
            if (value < 0) {
                throw new MxForgeException("The size " + name + " is " + value + ": give 0 or more.");
            }
        });
        KernelSpec spec = variant.spec();
        BiFunction<KernelSpec, SampleArrays, Object> sample = STEMS.get(spec.stem());
        if (sample == null) {
            return JudgedLaunch.of(spec, all).in(memory);
        }
        SampleArrays arrays = new SampleArrays(memory, all, variant.algorithm().kernel());
        return new Sample(sample.apply(spec, arrays), arrays.results(), results -> Optional.empty());
    }

    private static Simulation launchable(KernelVariant variant, Supplier<Simulation> launch) {
        try {
            return launch.get();
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "The kernel " + variant.spec().identifier() + " cannot be launched with these sizes: "
                            + e.getMessage() + ".",
                    e);
        }
    }
}
