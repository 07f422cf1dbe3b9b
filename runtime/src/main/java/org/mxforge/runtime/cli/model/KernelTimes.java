package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.runtime.Throughput;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.cli.console.Table;

/**
 * Where the time of one prefill and of one step went.
 *
 * @param work {@code prefill} or {@code step}
 */
record KernelTimes(String work, Trace trace) {
    /** Launches of alike kernels, the longest in all first. */
    private record Sum(Trace.Kernel one, int launches, double micros) {
        Sum plus(Sum other) {
            return new Sum(one, launches + other.launches, micros + other.micros);
        }
    }

    private static List<KernelTimes> of(Throughput result) {
        return List.of(new KernelTimes("prefill", result.prefillTrace()), new KernelTimes("step", result.stepTrace()));
    }

    /** What part of the time the kernels of each role took, and the time between kernels. */
    static Table shares(Map<String, Throughput> results) {
        Table table = new Table("RECIPE", "WORK", "MS", "GEMM", "QUANTIZE", "ATTENTION", "REST", "IDLE");
        results.forEach((recipe, result) -> of(result).forEach(times -> {
            Map<KernelRole, Double> roles = times.trace.byRole();
            table.row(
                    ThroughputTable.shortened(recipe),
                    times.work,
                    millis(times.trace.micros()),
                    times.share(roles.get(KernelRole.GEMM)),
                    times.share(roles.get(KernelRole.QUANTIZER)),
                    times.share(roles.get(KernelRole.ATTENTION)),
                    times.share(roles.get(KernelRole.OTHER)),
                    times.share(times.trace.idle()));
        }));
        return table;
    }

    /** The time of each kind of kernel. */
    static Table kinds(Map<String, Throughput> results) {
        Table table = new Table("KERNEL", "LAUNCHES", "MS", "SHARE");
        results.forEach((recipe, result) -> of(result).forEach(times -> {
            table.section(recipe + ", " + times.work);
            times.sums(Trace.Kernel::name)
                    .forEach(sum -> table.row(
                            sum.one.name(), String.valueOf(sum.launches), millis(sum.micros), times.share(sum.micros)));
        }));
        return table;
    }

    private List<Sum> sums(Function<Trace.Kernel, Object> alike) {
        Map<Object, Sum> sums = new LinkedHashMap<>();
        trace.kernels()
                .forEach(kernel -> sums.merge(alike.apply(kernel), new Sum(kernel, 1, kernel.micros()), Sum::plus));
        List<Sum> sorted = new ArrayList<>(sums.values());
        sorted.sort(Comparator.comparingDouble(Sum::micros).reversed());
        return sorted;
    }

    private String share(double micros) {
        return trace.micros() == 0 ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * micros / trace.micros());
    }

    private static String millis(double micros) {
        return String.format(Locale.ROOT, "%.3f", micros / 1e3);
    }

    /** Puts the same as data into what {@link ThroughputTable} says about each work, variant by variant and shape by shape. */
    static void put(ObjectNode result, Throughput throughput) {
        of(throughput).forEach(times -> times.put((ObjectNode) result.get(times.work)));
    }

    private void put(ObjectNode node) {
        ObjectNode shares = node.putObject("traced_ms");
        shares.put("all", trace.micros() / 1e3);
        trace.byRole().forEach((role, micros) -> shares.put(role.name().toLowerCase(Locale.ROOT), micros / 1e3));
        shares.put("idle", trace.idle() / 1e3);
        var kernels = node.putArray("kernels");
        sums(kernel -> List.of(kernel.name(), kernel.what(), kernel.shape())).forEach(sum -> kernels.addObject()
                .put("kernel", sum.one.name())
                .put("variant", sum.one.what())
                .put("shape", sum.one.shape())
                .put("launches", sum.launches)
                .put("ms", sum.micros / 1e3));
    }
}
