package org.mxforge.codegen;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/** Variants by short texts: a spec and the name of an algorithm, {@code SPEC|ALGORITHM}. */
public final class Variants {
    private Variants() {}

    /** The default variant of {@code kernel}. */
    public static KernelVariant usual(String kernel, Target target) {
        return all(kernel, target).get(0);
    }

    /** All variants of {@code kernel} that are worth trying, the default first. */
    public static List<KernelVariant> all(String kernel, Target target) {
        String[] parts = kernel.split("\\|");
        KernelSpec spec = KernelSpec.parse(parts[0]);
        return all(
                spec,
                parts.length > 1
                        ? KernelKinds.algorithm(spec, parts[1])
                        : KernelVariant.of(spec, target).algorithm(),
                target);
    }

    /** All variants of an algorithm that are worth trying, the default first. */
    public static <S extends KernelSpec> List<KernelVariant> all(
            S spec, Algorithm<? super S> algorithm, Target target) {
        return algorithm.space(spec, target).legal().stream()
                .map(configuration -> KernelVariant.of(spec, algorithm, target, configuration))
                .toList();
    }

    /** All variants of every algorithm that {@code target} has for {@code spec}. */
    public static Stream<KernelVariant> every(KernelSpec spec, Target target) {
        return KernelKinds.algorithms(spec, target).stream()
                .flatMap(algorithm -> all(spec, algorithm, target).stream());
    }
}
