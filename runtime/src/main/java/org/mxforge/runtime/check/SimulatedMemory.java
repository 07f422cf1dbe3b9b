package org.mxforge.runtime.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.simulate.Finding;
import org.mxforge.runtime.simulate.Simulation;
import org.mxforge.runtime.simulate.Simulator;

/** Of a simulated GPU; what a kernel leaves unwritten of its results is among the findings. */
final class SimulatedMemory implements Memory {
    private final Simulator simulator;
    private final CudaSource source;
    private final Map<String, Long> results = new LinkedHashMap<>();

    /** @param source what runs instead of what is emitted, or null */
    SimulatedMemory(Simulator simulator, CudaSource source) {
        this.simulator = simulator;
        this.source = source;
    }

    @Override
    public long upload(String name, byte[] content) {
        return simulator.upload(name, content);
    }

    @Override
    public long uploadResult(String name, byte[] content) {
        return simulator.uploadResult(name, content);
    }

    @Override
    public long allocate(String name, int bytes) {
        long address = simulator.allocate(name, bytes);
        results.put(name, address);
        return address;
    }

    @Override
    public byte[] download(long address) {
        return simulator.download(address);
    }

    @Override
    public List<Finding> launch(KernelVariant variant, Record arguments) {
        return simulate(variant, arguments).findings();
    }

    /** Runs a kernel to its end, and tells what it did. */
    Simulation simulate(KernelVariant variant, Record arguments) {
        return (source == null ? simulator.launch(variant, arguments) : simulator.launch(source, arguments))
                .with(simulator.missing(results, variant.identifier()));
    }

    @Override
    public void close() {
        simulator.forget();
    }
}
