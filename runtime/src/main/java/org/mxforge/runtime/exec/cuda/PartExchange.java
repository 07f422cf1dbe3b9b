package org.mxforge.runtime.exec.cuda;

import java.util.List;
import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.runtime.exec.spi.Matrix;

/** What a GPU reads of the GPUs that it shares a model with, itself among them. */
record PartExchange(Gpu gpu) {
    /** {@code y += parts[0] + parts[1] + ...}. */
    void add(List<Matrix> parts, CudaMatrix y) {
        List<PartsArguments.Part> summands = parts.stream()
                .map(part -> CudaMatrix.of(part, y.type(), y.rows(), y.columns()))
                .map(part -> new PartsArguments.Part(part.address()))
                .toList();
        gpu.launch(new PartSumSpec(parts.size()), new PartsArguments(y.rows(), y.columns(), summands, y.address()));
    }

    /** {@code whole = [parts[0] parts[1] ...]}. */
    void join(List<Matrix> parts, CudaMatrix whole) {
        int columns = whole.columns() / parts.size();
        List<PartsArguments.Part> joined = parts.stream()
                .map(part -> CudaMatrix.of(part, whole.type(), whole.rows(), columns))
                .map(part -> new PartsArguments.Part(part.address()))
                .toList();
        gpu.launch(new PartJoinSpec(parts.size()), new PartsArguments(whole.rows(), columns, joined, whole.address()));
    }
}
