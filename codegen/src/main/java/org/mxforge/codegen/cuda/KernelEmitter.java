package org.mxforge.codegen.cuda;

import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** Decides everything about one kind of kernel in one family, and leaves the writing to a template. */
@FunctionalInterface
interface KernelEmitter<S extends KernelSpec> {
    /**
     * The plan of {@code variant}.
     *
     * @param spec {@code variant.spec()}
     */
    KernelPlan plan(S spec, KernelVariant variant);
}
