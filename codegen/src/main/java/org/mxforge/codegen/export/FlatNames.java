package org.mxforge.codegen.export;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchSignature;

/** What the values of a launch signature are called outside Java: arguments as in the kernel, all else in lower case. */
final class FlatNames {
    private final Map<String, KernelArgument> arguments;

    FlatNames(LaunchSignature signature) {
        this.arguments =
                signature.arguments().stream().collect(Collectors.toMap(KernelArgument::source, argument -> argument));
    }

    /** The argument that the argument record has at {@code source}. */
    KernelArgument argument(String source) {
        return arguments.get(source);
    }

    /** The name of a variable of an expression. */
    String of(String variable) {
        if (arguments.containsKey(variable)) {
            return arguments.get(variable).name();
        }
        return Stream.of(DeviceFact.values())
                .filter(fact -> fact.variableName().equals(variable))
                .findFirst()
                .map(FlatNames::of)
                .orElse(variable);
    }

    /** The name of a fact, such as {@code shared_memory_per_multiprocessor}. */
    static String of(DeviceFact fact) {
        return fact.name().toLowerCase(Locale.ROOT);
    }
}
