package org.mxforge.codegen.launcher;

import java.util.stream.Collectors;
import org.mxforge.dsl.spec.KernelVariant;

/** The class name of a variant's launcher: kernel, target and configuration, so that variants can live side by side. */
final class LauncherName {
    private LauncherName() {}

    /** Such as {@code Softmax_rows_sm_80_threads256}. */
    static String of(KernelVariant variant) {
        String kernel = variant.identifier();
        String configuration = variant.configuration().values().entrySet().stream()
                .map(entry -> "_" + entry.getKey() + entry.getValue())
                .collect(Collectors.joining());
        return Character.toUpperCase(kernel.charAt(0))
                + kernel.substring(1)
                + "_"
                + variant.target().text()
                + configuration;
    }
}
