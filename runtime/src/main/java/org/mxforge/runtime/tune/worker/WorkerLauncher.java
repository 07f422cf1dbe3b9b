package org.mxforge.runtime.tune.worker;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Starts worker processes. */
@FunctionalInterface
interface WorkerLauncher {
    /** A new process that serves trials on its standard input and output. */
    Process start() throws IOException;

    /** Runs {@code main} in a Java VM like this one: same program, class path, heap and system properties. */
    static WorkerLauncher java(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-Xmx") || argument.startsWith("-D"))
                .forEach(command::add);
        // What the VM says when it dies must neither reach standard output, which is for answers, nor lie about as a
        // file.
        command.addAll(
                List.of("-XX:+DisplayVMOutputToStderr", "-XX:ErrorFile=/dev/null", "-XX:-CreateCoredumpOnCrash"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return () -> new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
