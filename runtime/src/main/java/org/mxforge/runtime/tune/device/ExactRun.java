package org.mxforge.runtime.tune.device;

import java.util.Optional;
import java.util.function.Function;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/** Operands on a GPU that right kernels give exact results on, and what those results are. */
interface ExactRun extends AutoCloseable {
    /** What is wrong with the result of {@code kernel}; empty if it is right. */
    Optional<String> fault(ReadyKernel<Object> kernel);

    @Override
    void close();

    /**
     * One of a GEMM.
     *
     * @param check what is wrong with a result, [M][N]
     */
    record Gemm(DeviceGemm operands, Function<float[], Optional<String>> check) implements ExactRun {
        @Override
        public Optional<String> fault(ReadyKernel<Object> kernel) {
            return check.apply(operands.run(kernel));
        }

        @Override
        public void close() {
            operands.close();
        }
    }

    /** One of a quantizer. */
    record Quantizer(DeviceQuantizer operands, QuantizeCheck check) implements ExactRun {
        @Override
        public Optional<String> fault(ReadyKernel<Object> kernel) {
            return check.fault(operands.run(kernel));
        }

        @Override
        public void close() {
            operands.close();
        }
    }
}
