package org.mxforge.runtime.cli.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.check.CheckCase;

/** Sizes that a user asks several kernels for. */
final class AskedSizes {
    private AskedSizes() {}

    /**
     * Those of {@code asked} that each of {@code kernels} has. A kernel that is alone gets all, and refuses others in its own words.
     *
     * @throws IllegalArgumentException naming a size that none of several has
     */
    static <T> Map<KernelVariant, SortedMap<String, T>> of(List<KernelVariant> kernels, Map<String, T> asked) {
        boolean alone = kernels.size() == 1;
        for (String name : asked.keySet()) {
            if (!alone && kernels.stream().noneMatch(kernel -> has(kernel, name))) {
                throw new IllegalArgumentException("none of these kernels has a size '" + name + "'");
            }
        }
        Map<KernelVariant, SortedMap<String, T>> each = new LinkedHashMap<>();
        for (KernelVariant kernel : kernels) {
            SortedMap<String, T> own = new TreeMap<>(asked);
            own.keySet().removeIf(name -> !alone && !has(kernel, name));
            each.put(kernel, own);
        }
        return each;
    }

    private static boolean has(KernelVariant kernel, String size) {
        return CheckCase.extents(kernel.spec()).stream()
                .anyMatch(extent -> extent.name().equals(size));
    }
}
