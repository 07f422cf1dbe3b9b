package org.mxforge.runtime.tune.worker;

import java.io.IOException;
import java.util.List;
import org.mxforge.runtime.base.process.JavaProcess;

/** Starts worker processes. */
@FunctionalInterface
interface WorkerLauncher {
    /** A new process that serves trials on its standard input and output. */
    Process start() throws IOException;

    /** Runs {@code main} in a Java VM like this one. */
    static WorkerLauncher java(Class<?> main, String... arguments) {
        return JavaProcess.running(main, "", List.of(arguments))::start;
    }
}
