package org.mxforge.runtime.cli.console;

import org.mxforge.dsl.spec.KernelVariant;

/** Variants of one kernel as tables tell them apart. */
public final class VariantText {
    private VariantText() {}

    /** Algorithm and configuration. */
    public static String of(KernelVariant variant) {
        return variant.algorithm().name() + " " + variant.configuration().text();
    }
}
