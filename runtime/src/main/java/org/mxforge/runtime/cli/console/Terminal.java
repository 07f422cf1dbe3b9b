package org.mxforge.runtime.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What standard output and standard error are connected to. */
final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    static boolean showsStandardOutput() {
        return shows(STANDARD_OUTPUT);
    }

    static boolean showsStandardError() {
        return shows(STANDARD_ERROR);
    }

    /** Java 17 cannot ask about one of them alone; Linux can, and elsewhere the whole console decides. */
    private static boolean shows(Path stream) {
        try {
            String device = Files.readSymbolicLink(stream).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
