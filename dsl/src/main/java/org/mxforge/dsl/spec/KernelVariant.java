package org.mxforge.dsl.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Restriction;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.Tiling;

/**
 * One kernel, fully decided: what, how, for which target, and with which configuration. Its text decides its code.
 *
 * @param spec what it computes
 * @param algorithm how; one that holds for {@code spec} on {@code target}
 * @param target what it is compiled for
 * @param configuration one that keeps the algorithm's constraints, whether it is in its search space or not
 */
public record KernelVariant(
        KernelSpec spec, Algorithm<KernelSpec> algorithm, Target target, Configuration configuration) {
    public KernelVariant {
        if (!algorithm.specs().isInstance(spec)) {
            throw new IllegalArgumentException("algorithm " + algorithm.name() + " is not for '" + spec.text() + "'");
        }
        Optional<String> refusal = algorithm.refusal(spec, target);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException(refusal.get());
        }
        algorithm.tiling(configuration);
        for (Restriction constraint : algorithm.constraints(spec, target)) {
            constraint.check(configuration);
        }
    }

    /**
     * A variant of a typed algorithm.
     *
     * @throws IllegalArgumentException if it does not hold for {@code spec} and {@code target}, or the configuration breaks a rule
     */
    public static <S extends KernelSpec> KernelVariant of(
            S spec, Algorithm<? super S> algorithm, Target target, Configuration configuration) {
        return new KernelVariant(spec, Algorithm.general(algorithm), target, configuration);
    }

    /** The same with a configuration in its typed form. */
    public static <S extends KernelSpec> KernelVariant of(
            S spec, Algorithm<? super S> algorithm, Target target, Tiling tiling) {
        return of(spec, algorithm, target, tiling.configuration());
    }

    /** The variant with the default configuration of {@code algorithm}. */
    public static <S extends KernelSpec> KernelVariant of(S spec, Algorithm<? super S> algorithm, Target target) {
        Optional<String> refusal = algorithm.refusal(spec, target);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException(refusal.get());
        }
        return of(spec, algorithm, target, algorithm.space(spec, target).defaultConfiguration());
    }

    /**
     * The default variant of the first algorithm that holds.
     *
     * @throws IllegalArgumentException if {@code target} has no kernel for {@code spec}, with what each algorithm says
     */
    public static KernelVariant of(KernelSpec spec, Target target) {
        List<Algorithm<KernelSpec>> all = KernelKinds.algorithms(spec);
        return all.stream()
                .filter(algorithm -> algorithm.refusal(spec, target).isEmpty())
                .findFirst()
                .map(algorithm -> of(spec, algorithm, target))
                .orElseThrow(() -> new IllegalArgumentException("'" + spec.text() + "' has no kernel for "
                        + target.text() + ": "
                        + all.stream()
                                .map(algorithm ->
                                        algorithm.refusal(spec, target).orElseThrow())
                                .distinct()
                                .collect(Collectors.joining("; "))));
    }

    /** The variant that is emitted and compiled: this, or what runs after the passes. */
    public KernelVariant kernel() {
        return algorithm.kernel() == algorithm ? this : of(spec, algorithm.kernel(), target, configuration);
    }

    /** The configuration in its typed form. */
    public Tiling tiling() {
        return algorithm.tiling(configuration);
    }

    /** Name of the kernel's entry point: unique among specs and algorithms. */
    public String identifier() {
        return spec.identifier() + "_" + algorithm.name();
    }

    /** {@link #identifier}, target and configuration: tells it from every other variant, such as {@code softmax_rows_sm_80_threads256}. */
    public String name() {
        return identifier()
                + "_"
                + target.text()
                + configuration.values().entrySet().stream()
                        .map(entry -> "_" + entry.getKey() + entry.getValue())
                        .collect(Collectors.joining());
    }

    /** Canonical text: spec, algorithm, target and configuration joined by bars. */
    public String text() {
        return spec.text() + "|" + algorithm.name() + "|" + target.text() + "|" + configuration.text();
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public static KernelVariant parse(String text) {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "bad kernel variant '" + text + "': write it as spec|algorithm|target|configuration");
        }
        KernelSpec spec = KernelSpec.parse(parts[0]);
        return new KernelVariant(
                spec, KernelKinds.algorithm(spec, parts[1]), Target.parse(parts[2]), Configuration.parse(parts[3]));
    }
}
