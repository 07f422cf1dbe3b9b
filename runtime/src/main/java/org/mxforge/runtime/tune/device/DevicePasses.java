package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.OperandPasses;

/**
 * Passes before a product; they belong to each run.
 *
 * @param passes in order
 * @param kernels makes their kernels
 */
record DevicePasses(List<Pass> passes, Function<KernelSpec, ReadyKernel<Object>> kernels) {
    /** For kernels that read their operands as they lie. */
    static final DevicePasses NONE = new DevicePasses(List.of(), spec -> {
        throw new IllegalStateException(spec.text() + " is no pass of this product");
    });

    /**
     * Passes with their operands set up.
     *
     * @param operands what the product reads
     */
    record Ready(List<ReadyPass> passes, List<MxGemmOperands> operands) {}

    /**
     * Sets up the passes over operands that lie in GPU memory.
     *
     * @param m rows of the activations
     * @param n rows of the weights of one expert
     * @param given operands before the passes
     */
    Ready ready(int m, int n, int experts, List<MxGemmOperands> given, DeviceArena memory, CudaStream stream) {
        OperandPasses planned = OperandPasses.of(passes, m, n, experts, given, new PassMemory(memory, stream));
        return new Ready(
                planned.launches().stream()
                        .map(launch -> new ReadyPass(kernels.apply(launch.spec()), launch.arguments()))
                        .toList(),
                planned.operands());
    }

    /** What passes write is NaN before: what was not written shows. */
    private record PassMemory(DeviceArena memory, CudaStream stream) implements OperandPasses.Memory {
        @Override
        public long allocate(String purpose, long bytes) {
            DeviceBuffer buffer = memory.allocate(purpose, bytes);
            buffer.fill(stream, GuardedOutput.POISON);
            return buffer.address();
        }

        @Override
        public long ones(int rows) {
            byte[] values = new byte[Math.multiplyExact(Float.BYTES, rows)];
            FloatBuffer floats =
                    ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            while (floats.hasRemaining()) {
                floats.put(1);
            }
            return memory.upload("the factors of " + rows + " rows", values).address();
        }
    }
}
