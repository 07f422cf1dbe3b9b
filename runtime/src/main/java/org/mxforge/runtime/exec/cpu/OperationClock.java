package org.mxforge.runtime.exec.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.runtime.base.Trace;

/** Takes the time of the operations that matter while somebody watches. */
final class OperationClock {
    private List<Trace.Kernel> kernels;
    private long begin;
    private String place = "";

    /** Says what the next operations belong to. */
    void at(String place) {
        this.place = place;
    }

    /** Does {@code operations} and tells when each of those that are timed ran. */
    Trace watch(Runnable operations) {
        kernels = new ArrayList<>();
        begin = System.nanoTime();
        try {
            operations.run();
            return new Trace(kernels, List.of());
        } finally {
            kernels = null;
        }
    }

    /** An operation on {@code rows} rows of the input of {@code layer}. */
    <T> T time(KernelRole role, CpuLinear layer, int rows, Supplier<T> operation) {
        if (kernels == null) {
            return operation.get();
        }
        String name = role == KernelRole.GEMM ? "linear" : "input";
        String what = layer.quantization().orElse("plain");
        String outputs = role == KernelRole.GEMM ? " n=" + layer.outputs() : "";
        return time(role, name, what, "m=" + rows + outputs + " k=" + layer.channels(), operation);
    }

    /** An operation as a trace names it. */
    <T> T time(KernelRole role, String name, String what, String shape, Supplier<T> operation) {
        if (kernels == null) {
            return operation.get();
        }
        long start = System.nanoTime();
        T result = operation.get();
        long end = System.nanoTime();
        kernels.add(new Trace.Kernel(role, name, what, shape, place, (start - begin) / 1e3, (end - start) / 1e3));
        return result;
    }
}
