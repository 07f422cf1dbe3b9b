package org.mxforge.runtime.kernel;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

/** Decides which variant of a GEMM, grouped or not, or of a quantizer a backend runs for a shape; asked once for each spec and bucketed shape. */
@FunctionalInterface
public interface VariantChooser {
    /**
     * Nothing measured: the first legal configuration, for a quantizer that of {@link QuantizerChoice}, and for a grouped GEMM that
     * of {@link GroupedGemmChoice}.
     */
    VariantChooser DEFAULTS = (spec, target, shape) -> {
        if (spec instanceof MxQuantizeSpec quantizer) {
            return QuantizerChoice.of(quantizer, target, shape.channels());
        }
        return spec instanceof MxGroupedGemmSpec grouped
                ? GroupedGemmChoice.of(grouped, target, shape.m())
                : spec.space(target).defaultConfiguration();
    };

    /** A legal configuration of {@code spec.space(target)}. */
    Configuration choose(KernelSpec spec, Target target, KernelShape shape);

    /** Whether the packed weights of {@code streamed} are better unpacked by a pass before the GEMM, see {@link UnpackChoice}. */
    default boolean unpacks(MxGemmSpec streamed, Target target, GemmShape shape) {
        return false;
    }
}
