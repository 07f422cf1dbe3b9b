package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;

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
        Simulator simulator = new Simulator(cache);
        try {
            if (sample == null) {
                return JudgedLaunch.of(spec, all).run(simulator, variant);
            }
            SampleArrays arrays = new SampleArrays(simulator, all, variant.algorithm());
            Simulation simulation = simulator.launch(variant, sample.apply(spec, arrays));
            return simulation.with(missing(simulator, arrays.results(), spec.identifier()));
        } catch (IllegalArgumentException e) {
            throw new MxForgeException(
                    "The kernel " + spec.identifier() + " cannot be launched with these sizes: " + e.getMessage() + ".",
                    e);
        }
    }

    /**
     * What {@code kernel} has left unwritten.
     *
     * @param results addresses by name
     */
    static List<Finding> missing(Simulator simulator, Map<String, Long> results, String kernel) {
        List<Finding> missing = new ArrayList<>();
        results.forEach((name, address) -> {
            int bytes = simulator.neverWritten(address);
            if (bytes > 0) {
                missing.add(new Finding(
                        Finding.Kind.MISSING_RESULT,
                        kernel,
                        0,
                        0,
                        1,
                        bytes + " of " + simulator.download(address).length + " bytes of array '" + name
                                + "' were not written"));
            }
        });
        return missing;
    }
}
