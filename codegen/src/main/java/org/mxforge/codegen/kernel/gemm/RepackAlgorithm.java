package org.mxforge.codegen.kernel.gemm;

import java.util.Optional;
import java.util.function.BiFunction;
import org.mxforge.codegen.cuda.CudaAlgorithm;
import org.mxforge.codegen.cuda.KernelPlan;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.dsl.tile.Tiling;

/** A pass over one operand of a product on sm_90a, bound by memory: threads of a block are all there is to choose. */
record RepackAlgorithm<S extends KernelSpec>(Class<S> specs, BiFunction<S, KernelVariant, KernelPlan> planner)
        implements CudaAlgorithm<S> {
    @Override
    public String name() {
        return "pass";
    }

    @Override
    public Optional<String> refusal(S spec, Target target) {
        return target == Target.SM_90A ? Optional.empty() : Optional.of("passes over operands are for sm_90a");
    }

    @Override
    public ConfigSpace space(S spec, Target target) {
        return RowTiling.space();
    }

    @Override
    public Tiling tiling(Configuration configuration) {
        return RowTiling.of(configuration);
    }

    @Override
    public KernelPlan plan(S spec, KernelVariant variant) {
        return planner.apply(spec, variant);
    }
}
