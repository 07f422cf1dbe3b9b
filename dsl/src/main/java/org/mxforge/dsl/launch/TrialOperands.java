package org.mxforge.dsl.launch;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a kernel is tried on: what it reads, room for what it writes, the arguments that point to both, and the judge.
 *
 * @param inputs the content of each array that is read, by its name
 * @param results bytes of each array that is written, by its name, each byte once; what is written over again is an input; no result has the
 *     name of an input
 * @param arguments makes the kernel's argument record of the addresses of all arrays, by their names
 * @param fault what is wrong with the content of the results after a launch, in a sentence; empty if it is right
 */
public record TrialOperands(
        Map<String, byte[]> inputs,
        Map<String, Integer> results,
        Function<Map<String, Long>, Record> arguments,
        Function<Map<String, byte[]>, Optional<String>> fault) {
    public TrialOperands {
        inputs = Map.copyOf(inputs);
        results = Map.copyOf(results);
    }
}
