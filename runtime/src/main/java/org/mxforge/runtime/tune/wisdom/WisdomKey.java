package org.mxforge.runtime.tune.wisdom;

import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.QuantizeShape;

/**
 * What a search was for.
 *
 * @param spec what the kernel computes
 * @param target what it is compiled for
 * @param device name of the device it ran on
 * @param shape size, M rounded to its bucket
 */
public record WisdomKey(KernelSpec spec, Target target, String device, KernelShape shape) {
    public WisdomKey {
        if (!kind(spec).isInstance(shape)) {
            throw new IllegalArgumentException(
                    "shape " + shape.text() + " is not one of " + spec.text() + ": write " + KernelShape.FORMS);
        }
        if (!shape.equals(shape.bucketed())) {
            throw new IllegalArgumentException("wisdom is kept for bucketed shapes, not for " + shape.text());
        }
    }

    private static Class<? extends KernelShape> kind(KernelSpec spec) {
        if (spec instanceof MxQuantizeSpec) {
            return QuantizeShape.class;
        }
        return spec instanceof MxGroupedGemmSpec ? GroupedShape.class : GemmShape.class;
    }
}
