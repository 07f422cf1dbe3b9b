package org.mxforge.runtime.trial;

import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.tune.GemmShape;

/** Which GEMMs trials can be made of. */
final class Problems {
    /** Beyond, sums that are exact in FP32 leave no room for all codes of a format. */
    private static final int MOST_CHANNELS = 37_000;

    private Problems() {}

    /** Whether operands can be made on which a right kernel is bit for bit exact. */
    static boolean canBeExact(KernelSpec spec, GemmShape shape) {
        long channels = shape.k().stream().mapToLong(Integer::longValue).sum();
        if (channels > MOST_CHANNELS) {
            return false;
        }
        return spec instanceof MxGemmSpec mixed
                ? mixed.pairs().size() == shape.k().size()
                        && shape.k().stream().allMatch(k -> k > 0 && k % GroupLayout.GROUP == 0)
                : spec instanceof DenseGemmSpec && shape.k().size() == 1 && channels > 0;
    }
}
