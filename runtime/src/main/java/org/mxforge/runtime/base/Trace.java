package org.mxforge.runtime.base;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.spec.KernelRole;

/**
 * API: what a device did in one piece of work, kernel by kernel. Times are in microseconds from its first kernel on.
 *
 * @param kernels in the order in which they began
 * @param spans what the host did meanwhile, in the same order; empty where it only asked for something that was recorded before
 */
public record Trace(List<Kernel> kernels, List<Span> spans) {
    public Trace {
        kernels = kernels.stream()
                .sorted(Comparator.comparingDouble(Kernel::start))
                .toList();
        spans = spans.stream().sorted(Comparator.comparingDouble(Span::start)).toList();
    }

    /**
     * One kernel; on the CPU one operation.
     *
     * @param role what it is for
     * @param name of its kind, such as {@code mxgemm}
     * @param what exactly: a spec's text with its algorithm
     * @param shape such as {@code m=2048 n=4096}
     * @param place the part of the model it belongs to, such as {@code layer 3 attention}
     * @param start when it began
     * @param micros how long it took, not negative
     */
    public record Kernel(
            KernelRole role, String name, String what, String shape, String place, double start, double micros) {
        double end() {
            return start + micros;
        }
    }

    /** A stretch of the host's time. */
    public record Span(String name, double start, double micros) {}

    /** From the begin of the first kernel to the end of the last one. */
    public double micros() {
        return kernels.stream().mapToDouble(Kernel::end).max().orElse(0);
    }

    /** Time in kernels of each role, 0 where there is none. */
    public Map<KernelRole, Double> byRole() {
        Map<KernelRole, Double> times = new EnumMap<>(KernelRole.class);
        for (KernelRole role : KernelRole.values()) {
            times.put(role, 0.0);
        }
        kernels.forEach(kernel -> times.merge(kernel.role(), kernel.micros(), Double::sum));
        return times;
    }

    /** Time between kernels, in which the device waits. */
    public double idle() {
        return Math.max(
                0, micros() - kernels.stream().mapToDouble(Kernel::micros).sum());
    }
}
