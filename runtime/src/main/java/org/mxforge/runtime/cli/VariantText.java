package org.mxforge.runtime.cli;

import org.mxforge.dsl.spec.KernelVariant;

/** Variants of one kernel as tables tell them apart. */
final class VariantText {
    private VariantText() {}

    /** Algorithm and configuration. */
    static String of(KernelVariant variant) {
        return variant.algorithm().name() + " " + variant.configuration().text();
    }
}
