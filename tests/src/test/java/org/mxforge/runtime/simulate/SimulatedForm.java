package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.simulate.ptx.PtxParser;

/**
 * What came of a {@link FormKernel} in the simulator.
 *
 * @param written what it wrote
 * @param findings what it did wrong
 */
record SimulatedForm(byte[] written, List<Finding> findings) {
    private static final long MOST_STEPS = 1L << 32;

    /** What one thread read and wrote, in words of 64 bits. */
    interface Check {
        void of(ByteBuffer read, ByteBuffer written);
    }

    /** Tells {@code check} of each thread, whose results and operands alone are compared; nothing may have been done wrong. */
    static void each(FormKernel kernel, Check check) {
        SimulatedForm run = run(kernel);
        assertThat(run.findings).isEmpty();
        int threads = kernel.blocks() * FormKernel.THREADS;
        for (int thread = 0; thread < threads; thread++) {
            check.of(own(kernel.reads(), thread, threads), own(run.written, thread, threads));
        }
    }

    private static ByteBuffer own(byte[] all, int thread, int threads) {
        int stride = all.length / threads;
        int before = FormKernel.OWN_WORDS * Long.BYTES;
        return ByteBuffer.wrap(all, thread * stride + before, stride - before)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    static SimulatedForm run(FormKernel kernel) {
        return run(kernel, BoundedFunctions.EXACT);
    }

    static SimulatedForm run(FormKernel kernel, BoundedFunctions functions) {
        DeviceMemory memory = new DeviceMemory();
        Area reads = memory.allocate("reads", kernel.reads().length);
        System.arraycopy(kernel.reads(), 0, reads.bytes, 0, reads.bytes.length);
        reads.markWritten(0, reads.bytes.length);
        Area writes = memory.allocate("writes", kernel.writes());
        Program program = new Program(PtxParser.parse(kernel.ptx()), TensorCores.of(90), functions);
        KernelArguments arguments = FormKernel.arguments(reads.base, writes.base);
        LaunchShape shape = new LaunchShape(kernel.blocks(), 1, 1, FormKernel.THREADS, 0);
        Simulation simulation = new Launch(
                        program, memory, shape, Parameters.of(program.kernel, arguments), Set.of(), MOST_STEPS)
                .run();
        return new SimulatedForm(writes.bytes, simulation.findings());
    }
}
