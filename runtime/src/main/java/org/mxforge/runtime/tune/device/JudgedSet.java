package org.mxforge.runtime.tune.device;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Everything that one run of a kernel of a judged kind reads and writes.
 *
 * @param arguments where it lies
 * @param results what is written, by name
 */
record JudgedSet(Record arguments, Map<String, GuardedOutput> results) implements OperandSet {
    /** A set with arrays of its own. */
    static JudgedSet of(TrialOperands operands, DeviceArena memory) {
        Map<String, Long> addresses = new HashMap<>();
        operands.inputs()
                .forEach((name, content) ->
                        addresses.put(name, memory.upload(name, content).address()));
        Map<String, GuardedOutput> results = new HashMap<>();
        operands.results().forEach((name, bytes) -> {
            GuardedOutput result = GuardedOutput.allocate(memory, name, bytes);
            results.put(name, result);
            addresses.put(name, result.address());
        });
        return new JudgedSet(operands.arguments().apply(addresses), results);
    }

    @Override
    public void launch(ReadyKernel<Object> kernel, CudaStream stream) {
        kernel.launch(stream, arguments);
    }
}
