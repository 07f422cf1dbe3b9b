package org.mxforge.runtime.cli.console;

import java.util.List;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.cache.NativeLibraries;

/** Hands JLine, which tells progress bars the terminal's width, its native part; it would unpack it among the temporary files of all. */
final class TerminalNatives {
    private static final String FILE = "libjlinenative.so";

    private static boolean provided;

    private TerminalNatives() {}

    /** To be called before the first bar. Without the library, JLine asks a program of the system. */
    static synchronized void provide() {
        if (provided) {
            return;
        }
        provided = true;
        String machine =
                System.getProperty("os.arch").replace("amd64", "x86_64").replace("aarch64", "arm64");
        try {
            new NativeLibraries("/org/jline/nativ/Linux/" + machine + "/", List.of(FILE))
                    .unpack(ArtifactCache.user().root())
                    .ifPresent(folder -> {
                        System.setProperty("library.jline.path", folder.toString());
                        System.setProperty("library.jline.name", FILE);
                    });
        } catch (MxForgeException e) {
            // Bars are not worth a failure.
        }
    }
}
