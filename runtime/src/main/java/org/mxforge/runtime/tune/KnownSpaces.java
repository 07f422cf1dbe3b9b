package org.mxforge.runtime.tune;

import java.util.HashMap;
import java.util.Map;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;

/** The config spaces that the lines of wisdom are checked against, each made once: thousands of lines are about few kernels. */
final class KnownSpaces {
    private record Kernel(KernelSpec spec, Target target) {}

    private final Map<Kernel, ConfigSpace> spaces = new HashMap<>();

    /**
     * The space of {@code spec} on {@code target}.
     *
     * @throws IllegalArgumentException if there is no such kernel
     */
    ConfigSpace of(KernelSpec spec, Target target) {
        return spaces.computeIfAbsent(new Kernel(spec, target), kernel -> spec.space(target));
    }
}
