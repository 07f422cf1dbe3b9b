package org.mxforge.dsl.spec;

import java.util.List;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Parameter;
import org.mxforge.dsl.target.Target;

/** The config spaces of the kernels that work row by row. */
final class OpSpaces {
    private OpSpaces() {}

    /** Threads of a block on a GPU; nothing to choose on the CPU. */
    static ConfigSpace rows(Target target) {
        return target.isGpu() ? new ConfigSpace(List.of(Parameter.of("threads", 256, 128, 512)), List.of()) : cpu();
    }

    static ConfigSpace cpu() {
        return new ConfigSpace(List.of(), List.of());
    }

    /** Refuses a type that no residual stream has. */
    static void checkStream(String stem, ScalarType type) {
        if (type != ScalarType.BF16 && type != ScalarType.FP32) {
            throw new IllegalArgumentException(
                    stem + " works on bf16 or fp32, not " + (type == null ? null : type.text()));
        }
    }
}
