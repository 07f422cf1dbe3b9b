package org.mxforge.codegen.cuda;

import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** Emits the CUDA C++ of a kernel variant: the same variant always gives the same text. */
public final class CudaEmitter {
    private CudaEmitter() {}

    /**
     * The kernel of {@code variant} as one self-contained translation unit that includes nothing; of an algorithm with passes, the
     * kernel that runs after them.
     *
     * @throws IllegalArgumentException if the variant is not for a GPU
     */
    public static CudaSource emit(KernelVariant variant) {
        KernelVariant kernel = variant.kernel();
        KernelPlan plan = plan(kernel);
        String body = TemplateGroup.of(plan.group()).render(plan.model());
        return new CudaSource(
                kernel,
                kernel.identifier(),
                "// GENERATED from " + kernel.text() + "; do not edit\n" + body + "\n",
                plan.signature(),
                plan.sharedBytes());
    }

    private static KernelPlan plan(KernelVariant kernel) {
        if (!(kernel.algorithm() instanceof CudaAlgorithm<KernelSpec> cuda)) {
            throw new IllegalArgumentException("'" + kernel.text() + "' is not for a GPU");
        }
        return cuda.plan(kernel.spec(), kernel);
    }
}
