package org.mxforge.codegen.catalogue;

import java.util.List;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/** What the standard catalogue holds: the kernels that each kind ships with. */
public final class Catalogue {
    private Catalogue() {}

    /** All kernels, each with its default configuration for the CPU or the oldest GPU that its algorithm is for. */
    public static List<KernelVariant> all() {
        return KernelKinds.all().stream()
                .flatMap(kind -> kind.catalogue().stream())
                .toList();
    }

    /** The kernels of the catalogue that {@code target} has, with their default configurations there. */
    public static List<KernelVariant> of(Target target) {
        return all().stream()
                .filter(variant -> variant.target().isGpu() == target.isGpu())
                .filter(variant ->
                        variant.algorithm().refusal(variant.spec(), target).isEmpty())
                .map(variant -> KernelVariant.of(variant.spec(), variant.algorithm(), target))
                .toList();
    }
}
