package org.mxforge.runtime.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/**
 * The folder {@code shared} that lies beside a checkout on the project's own machines: texts and checkpoints too large for the
 * repository. Where it lies elsewhere, {@code -Dmxforge.shared=FOLDER} names it.
 */
public final class SharedFolder {
    private static final Path FOLDER = Path.of(System.getProperty(
                    "mxforge.shared", Path.of("..", "..", "shared").toString()))
            .toAbsolutePath()
            .normalize();

    private static final Set<String> MISSED = ConcurrentHashMap.newKeySet();

    private SharedFolder() {}

    /**
     * A file of the folder; the test that asks is skipped where it is not there, which is said once on standard error.
     *
     * @param name its path in the folder, such as {@code data/docs/valid.txt}
     * @param unchecked what is not tested without it
     */
    public static Path require(String name, String unchecked) {
        Path file = FOLDER.resolve(name);
        if (!Files.exists(file)) {
            String reason = "SKIPPED: " + file + " is not there, so " + unchecked;
            if (MISSED.add(reason)) {
                System.err.println(reason);
            }
            throw new TestAbortedException(reason);
        }
        return file;
    }
}
