package org.mxforge.runtime.cli.kernels;

import java.util.List;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.Kernels;
import picocli.CommandLine.Option;

/** The option {@code --target}, and the catalogue that goes with it. */
final class TargetOption {
    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "sm_80",
            converter = TargetConverter.class,
            completionCandidates = TargetCandidates.class,
            description = "cpu, sm_80, sm_86, sm_90a, sm_100a or sm_120a; default ${DEFAULT-VALUE}.")
    private Target target;

    Target target() {
        return target;
    }

    /** The standard catalogue for the target. */
    List<KernelVariant> catalogue() {
        return Kernels.catalogue(target);
    }
}
