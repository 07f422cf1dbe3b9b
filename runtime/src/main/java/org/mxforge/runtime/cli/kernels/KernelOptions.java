package org.mxforge.runtime.cli.kernels;

import java.util.List;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
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

    Target target() {
        return target.target();
    }

    /** The whole catalogue when {@code names} is null, or else the kernels called so: names of the catalogue or texts of specs. */
    List<KernelVariant> variants(List<String> names) {
        try {
            return (names == null
                            ? target.catalogue()
                            : names.stream().map(this::spec).toList())
                    .stream().map(this::variant).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private KernelSpec spec(String name) {
        return name.contains("/")
                ? KernelSpec.parse(name)
                : target.catalogue().stream()
                        .filter(spec -> spec.identifier().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("the catalogue for "
                                + target().text() + " has no kernel '" + name + "': 'mxforge kernels list --target "
                                + target().text() + "' names them, and the text of any spec will do"));
    }

    private KernelVariant variant(KernelSpec spec) {
        return configuration == null
                ? KernelVariant.of(spec, target())
                : new KernelVariant(spec, target(), Configuration.parse(configuration));
    }
}
