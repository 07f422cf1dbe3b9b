package org.mxforge.runtime;

import java.util.Optional;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * How a kernel compares with the oracle.
 *
 * @param variant what was compared
 * @param shape what it was compared on, in one of the forms of {@link TunedKernel#SHAPES}
 * @param fault what is wrong with its result, in words; empty if it is the oracle's bit for bit
 */
public record Verification(KernelVariant variant, String shape, Optional<String> fault) {
    /** Whether the result is the oracle's. */
    public boolean passed() {
        return fault.isEmpty();
    }
}
