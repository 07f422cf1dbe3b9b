package org.mxforge.runtime.simulate;

import java.util.List;
import java.util.Set;
import org.mxforge.runtime.cuda.driver.KernelArguments;

/**
 * What came of a {@link FormKernel} in the simulator.
 *
 * @param written what it wrote
 * @param findings what it did wrong
 */
record SimulatedForm(byte[] written, List<Finding> findings) {
    private static final long MOST_STEPS = 1L << 32;

    static SimulatedForm run(FormKernel kernel) {
        DeviceMemory memory = new DeviceMemory();
        Area reads = memory.allocate("reads", kernel.reads().length);
        System.arraycopy(kernel.reads(), 0, reads.bytes, 0, reads.bytes.length);
        reads.markWritten(0, reads.bytes.length);
        Area writes = memory.allocate("writes", kernel.writes());
        Program program = new Program(PtxParser.parse(kernel.ptx()), TensorCores.of(90), BoundedFunctions.EXACT);
        KernelArguments arguments = FormKernel.arguments(reads.base, writes.base);
        LaunchShape shape = new LaunchShape(kernel.blocks(), 1, 1, FormKernel.THREADS, 0);
        Simulation simulation = new Launch(
                        program, memory, shape, Parameters.of(program.kernel, arguments), Set.of(), MOST_STEPS)
                .run();
        return new SimulatedForm(writes.bytes, simulation.findings());
    }
}
