package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.spec.KernelVariant;

/** Emits the CUDA C++ of a kernel variant: the same variant always gives the same text. */
public final class CudaEmitter {
    private CudaEmitter() {}

    /**
     * The kernel of {@code variant} as one self-contained translation unit that includes nothing.
     *
     * @throws IllegalArgumentException if the variant is not for a GPU or its kind has no CUDA kernel
     */
    public static CudaSource emit(KernelVariant variant) {
        if (!variant.target().isGpu()) {
            throw new IllegalArgumentException("'" + variant.text() + "' is not for a GPU");
        }
        EmitterRegistry family =
                switch (variant.spec().family(variant.target())) {
                    case HOPPER -> HopperKernels.EMITTERS;
                    default -> PortableKernels.EMITTERS;
                };
        KernelPlan plan = family.plan(variant);
        String body = TemplateGroup.of(plan.group()).render(plan.model());
        return new CudaSource(
                variant,
                variant.spec().identifier(),
                "// GENERATED from " + variant.text() + "; do not edit\n" + body + "\n",
                plan.threads(),
                plan.sharedBytes());
    }
}
