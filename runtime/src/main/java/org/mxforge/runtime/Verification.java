package org.mxforge.runtime;

import java.util.Optional;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;

/**
 * How a kernel compares with the oracle.
 *
 * @param spec what it computes
 * @param shape what it was compared on, in one of the forms of {@link TunedKernel#SHAPES}
 * @param configuration the variant
 * @param fault what is wrong with its result, in words; empty if it is the oracle's bit for bit
 */
public record Verification(KernelSpec spec, String shape, Configuration configuration, Optional<String> fault) {
    /** Whether the result is the oracle's. */
    public boolean passed() {
        return fault.isEmpty();
    }
}
