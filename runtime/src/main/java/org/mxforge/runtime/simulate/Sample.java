package org.mxforge.runtime.simulate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * A launch on operands that are in place.
 *
 * @param arguments the record of the kernel's stem
 * @param results addresses of what the kernel must write as a whole, by name
 * @param fault what is wrong with the results, by name; empty if nothing is known to be
 */
record Sample(Object arguments, Map<String, Long> results, Function<Map<String, byte[]>, Optional<String>> fault) {
    /** What {@code variant} does with operands in the simulator's memory; results that are wrong or not written are among the findings. */
    Simulation run(Simulator simulator, KernelVariant variant) {
        Simulation simulation = simulator.launch(variant, arguments);
        String kernel = variant.spec().identifier();
        List<Finding> findings = new ArrayList<>(simulator.missing(results, kernel));
        Map<String, byte[]> contents = new HashMap<>();
        results.forEach((name, address) -> contents.put(name, simulator.download(address)));
        fault.apply(contents).ifPresent(words -> findings.add(Finding.of(Finding.Kind.WRONG_RESULT, kernel, words)));
        return simulation.with(findings);
    }
}
