package org.mxforge.runtime.tune.search;

import java.util.Comparator;
import java.util.List;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.VariantChooser;

/** The order in which a search tries the legal configurations; what comes late may not be reached. */
@FunctionalInterface
interface SearchOrder {
    /**
     * What {@link VariantChooser#DEFAULTS} runs first, then, of those that are accurate enough for so many channels, those that
     * differ from it in one parameter, then in two, and so on.
     */
    SearchOrder NEAR_DEFAULT = (spec, target, shape) -> {
        Configuration usual = VariantChooser.DEFAULTS.choose(spec, target, shape);
        return spec.space(target).legal().stream()
                .filter(configuration -> isAccurate(spec, configuration, shape))
                .sorted(Comparator.comparingLong(configuration -> distance(configuration, usual)))
                .toList();
    };

    /** The legal configurations of {@code spec.space(target)} that are worth trying, at least one, the most promising first. */
    List<Configuration> order(KernelSpec spec, Target target, KernelShape shape);

    /** What it means to choose the first of {@link #order} without a measurement. */
    default Choice.Origin origin() {
        return Choice.Origin.DEFAULT;
    }

    /** Whether {@code configuration} may well be as fast as the first of {@link #order}, for all that is known without measuring. */
    default boolean rivals(KernelSpec spec, KernelShape shape, Configuration configuration, Configuration first) {
        return true;
    }

    /** Whether {@code configuration} gives the results that {@code spec} promises on {@code shape}. */
    static boolean isAccurate(KernelSpec spec, Configuration configuration, KernelShape shape) {
        if (spec instanceof MxGroupedGemmSpec grouped) {
            return grouped.permits(configuration, shape.channels());
        }
        return !(spec instanceof MxGemmSpec gemm) || gemm.permits(configuration, shape.channels());
    }

    private static long distance(Configuration one, Configuration other) {
        return one.values().entrySet().stream()
                .filter(entry -> other.get(entry.getKey()) != entry.getValue())
                .count();
    }
}
