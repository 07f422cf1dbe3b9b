package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;

/** What the kernels of one family do with a configuration: the part of the cost model that knows its parameters by name. */
interface FamilyCost {
    /**
     * What one thread block does.
     *
     * @param work the GEMM that {@code spec} and the shape make
     * @return empty if {@code configuration} is not one of this family's
     */
    Optional<BlockCost> block(KernelSpec spec, GemmWork work, GpuModel gpu, Configuration configuration);
}
