package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/** The types that the residual stream of a model can have. */
final class ResidualTypes {
    private ResidualTypes() {}

    /** Refuses any other. */
    static void check(String stem, ScalarType type) {
        if (type != ScalarType.BF16 && type != ScalarType.FP32) {
            throw new IllegalArgumentException(
                    stem + " works on bf16 or fp32, not " + (type == null ? null : type.text()));
        }
    }
}
