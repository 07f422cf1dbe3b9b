package org.mxforge.runtime.cli.kernels;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.text.Spelling;
import org.mxforge.runtime.Kernels;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which variant of a kernel is meant. */
final class KernelOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private TargetOption target;

    @Option(
            names = "--config",
            paramLabel = "NAME=VALUE,...",
            description = "Configuration; default: the first legal one.")
    private String configuration;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description = "How it is computed; default: the first algorithm that the target has.")
    private String algorithm;

    Target target() {
        return target.target();
    }

    /** Whether it was said, and not left at its default. */
    boolean isTargetGiven() {
        return command.commandLine().getParseResult().hasMatchedOption("--target");
    }

    /** The whole catalogue when {@code names} is null, or else the kernels called so: names of the catalogue or texts of specs. */
    List<KernelVariant> variants(List<String> names) {
        return variants(names, target());
    }

    /** The same for another target than the option's. */
    List<KernelVariant> variants(List<String> names, Target own) {
        try {
            return (names == null
                            ? Kernels.catalogue(own)
                            : names.stream().map(name -> usual(name, own)).toList())
                    .stream().map(this::configured).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private KernelVariant usual(String name, Target own) {
        if (name.contains("/")) {
            KernelSpec spec = KernelSpec.parse(name);
            return algorithm == null
                    ? KernelVariant.of(spec, own)
                    : KernelVariant.of(spec, KernelKinds.algorithm(spec, algorithm), own);
        }
        return Kernels.catalogue(own).stream()
                .filter(variant -> variant.identifier().equals(name)
                        || variant.spec().identifier().equals(name))
                .filter(variant ->
                        algorithm == null || variant.algorithm().name().equals(algorithm))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the catalogue for "
                        + own.text() + " has no kernel '" + name + "'" + Spelling.hint(name, names(own))
                        + ": 'mxforge kernels list --target "
                        + own.text() + "' names them, and the text of any spec will do"));
    }

    private static List<String> names(Target own) {
        return Kernels.catalogue(own).stream()
                .flatMap(variant ->
                        Stream.of(variant.identifier(), variant.spec().identifier()))
                .toList();
    }

    private KernelVariant configured(KernelVariant usual) {
        return configuration == null
                ? usual
                : KernelVariant.of(usual.spec(), usual.algorithm(), usual.target(), Configuration.parse(configuration));
    }
}
