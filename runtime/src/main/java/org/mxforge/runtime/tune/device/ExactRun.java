package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.oracle.ReferenceAttention;

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

    /**
     * One of attention, which is right within a bound.
     *
     * @param results what is right for each sequence
     */
    record Attention(DeviceAttention operands, List<ReferenceAttention.Result> results) implements ExactRun {
        @Override
        public Optional<String> fault(ReadyKernel<Object> kernel) {
            float[] computed = operands.run(kernel);
            int from = 0;
            for (int i = 0; i < results.size(); i++) {
                Optional<String> violation = results.get(i).violation(computed, from);
                if (violation.isPresent()) {
                    return Optional.of("of sequence " + i + ", " + violation.get());
                }
                from += results.get(i).length();
            }
            return Optional.empty();
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
