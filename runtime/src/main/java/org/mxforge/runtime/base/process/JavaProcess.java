package org.mxforge.runtime.base.process;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Java VMs like this one: same program, class path and system properties. */
public final class JavaProcess {
    private JavaProcess() {}

    /**
     * A process that runs {@code main}, with what it says on standard error dropped.
     *
     * @param heap its {@code -Xmx}, such as {@code 512m}; empty for the same as this one's
     * @param arguments of the program
     */
    public static ProcessBuilder running(Class<?> main, String heap, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D") || heap.isEmpty() && argument.startsWith("-Xmx"))
                .forEach(command::add);
        if (!heap.isEmpty()) {
            command.add("-Xmx" + heap);
        }
        // What the VM says when it dies must neither reach standard output, which is for answers, nor lie about as a
        // file.
        command.addAll(
                List.of("-XX:+DisplayVMOutputToStderr", "-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }
}
