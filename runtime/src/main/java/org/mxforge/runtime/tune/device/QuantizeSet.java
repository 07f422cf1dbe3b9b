package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Everything that one run of a quantizer reads and writes.
 *
 * @param arguments where it lies
 * @param codes what is written of each partition
 * @param scales of each partition or, folded, the one array of factors that all share
 */
record QuantizeSet(MxQuantizeArguments arguments, List<GuardedOutput> codes, List<GuardedOutput> scales)
        implements OperandSet {
    @Override
    public void launch(ReadyKernel<Object> kernel, CudaStream stream) {
        kernel.launch(stream, arguments);
    }

    Stream<GuardedOutput> outputs() {
        return Stream.concat(codes.stream(), scales.stream());
    }
}
