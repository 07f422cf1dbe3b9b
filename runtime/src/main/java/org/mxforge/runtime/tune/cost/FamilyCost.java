package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.spec.KernelVariant;

/** What the kernels of one family do: the part of the cost model that knows their tilings. */
interface FamilyCost {
    /**
     * What one thread block does.
     *
     * @param work the GEMM that its spec and the shape make
     * @return empty if {@code variant} is not one of this family's
     */
    Optional<BlockCost> block(KernelVariant variant, GemmWork work, GpuModel gpu);
}
